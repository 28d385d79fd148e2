import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeTiff } from "../../activities/phantoms/encode-tiff.ts";
import { toEnvironment } from "../../activities/settings.ts";
import { freePort } from "../../infra/servers/free-port.ts";
import type { Stack } from "../../infra/servers/stack.ts";
import { documentOf, microtome } from "../support/cli.ts";
import { createTestStack } from "../support/stack.ts";

const stack = createTestStack("bad");
const path = (...parts: string[]) => join(stack.dir, ...parts);
let running: Stack;

/** A slice of a small, dull scan. */
const slice = (side: number) =>
  encodeTiff({ width: side, height: side, data: new Uint16Array(side * side).fill(7), pixelUm: 5 });

async function writeSlices(name: string, slices: readonly Uint8Array[]): Promise<void> {
  await mkdir(path(name), { recursive: true });
  for (const [i, bytes] of slices.entries()) await writeFile(path(name, `s_${i}.tif`), bytes);
}

beforeAll(async () => {
  running = await stack.up();
  const good = Array.from({ length: 8 }, () => slice(16));
  await mkdir(path("empty"));
  await writeSlices("sizes", [...good.slice(0, 4), slice(17), ...good.slice(5)]);
  await writeSlices("truncated", [...good.slice(0, 6), good[6]!.subarray(0, 300), good[7]!]);
  const voxels = new Float32Array(512).fill(1);
  voxels[300] = Number.NaN;
  await writeFile(
    path("nan.nrrd"),
    Buffer.concat([
      Buffer.from(
        "NRRD0004\ntype: float\ndimension: 3\nsizes: 8 8 8\nencoding: raw\nendian: little\n\n",
      ),
      Buffer.from(voxels.buffer),
    ]),
  );
  await writeSlices("dull", good);
}, 120_000);
afterAll(() => stack.close(), 120_000);

interface Printed {
  readonly outcome: string;
  readonly scans: readonly {
    readonly scan: string;
    readonly outcome: string;
    readonly stage?: string;
    readonly failure?: { readonly type: string; readonly message: string };
    readonly reasons?: readonly string[];
  }[];
}

describe("bad scans", () => {
  let printed: Printed;
  const found = (scan: string) => printed.scans.find((one) => one.scan === scan)!;

  test("fail alone, and the batch ends with exit code 1", async () => {
    await writeFile(
      path("batch.json"),
      JSON.stringify({
        batch: "bad",
        scans: [
          { source: "missing/file.nii.gz" },
          { source: "empty" },
          { source: "sizes" },
          { source: "truncated" },
          { source: "nan.nrrd" },
          { source: "dull" },
        ],
        localize: { method: "energy" },
      }),
    );
    const answer = await microtome(stack.dir, ["submit", "batch.json", "--wait", "--json"]);
    printed = documentOf<Printed>(answer);
    expect(answer.code, answer.stderr).toBe(1);
    expect(printed.outcome).toBe("partial");
    expect(printed.scans).toHaveLength(6);
  }, 180_000);

  test.each([
    ["file", "NotFound", /file: .*missing\/file\.nii\.gz/],
    ["empty", /NotFound|InvalidInput/, /empty: .*empty/],
    ["sizes", "InvalidInput", /sizes: .*s_4\.tif.*17.*16/s],
    ["truncated", "CorruptData", /truncated: .*slice 7 of 8.*s_6\.tif/s],
    ["nan", "CorruptData", /nan: .*NaN/],
  ])("%s says what is wrong with which file", (scan, type, message) => {
    const { outcome, stage, failure } = found(scan);
    expect({ outcome, stage }).toEqual({ outcome: "failed", stage: "ingest" });
    expect(failure?.type).toMatch(type);
    expect(failure?.message).toMatch(message);
  });

  test("a scan that shows nothing is kept whole, with the reason", () => {
    expect(found("dull").outcome).toBe("kept-whole");
    expect(found("dull").reasons?.join(" ")).toMatch(/no specimen/i);
  });
});

describe("a batch that is refused starts nothing", () => {
  test.each([
    [
      "a duplicate id",
      {
        batch: "b",
        scans: [
          { id: "A", source: "x" },
          { id: "A", source: "y" },
        ],
      },
      /\/scans\/1.*"A".*\/scans\/0/,
    ],
    [
      "an id with ../",
      { batch: "b", scans: [{ id: "../A", source: "x" }] },
      /\/scans\/0\/id.*\.\.\/A/,
    ],
    [
      "a wrong type",
      { batch: "b", scans: [{ source: "x", voxelSizeUm: [5, "five", 5] }], seed: 1 },
      /\/scans\/0\/voxelSizeUm\/1.*five.*number[\s\S]*seed|seed[\s\S]*\/scans\/0\/voxelSizeUm\/1/,
    ],
  ])(
    "%s: exit code 2, the pointer, the value, what was expected",
    async (_what, document, text) => {
      await writeFile(path("refused.json"), JSON.stringify(document));
      const answer = await microtome(stack.dir, ["submit", "refused.json"]);
      expect(answer.code).toBe(2);
      expect(answer.stderr).toMatch(text);
      const known = await microtome(stack.dir, ["status", "b"]);
      expect(known.code).toBe(2);
    },
    60_000,
  );
});

describe("servers that are not there, or refuse: exit code 3 and one line", () => {
  const submit = (change: Record<string, string>) =>
    microtome(stack.dir, ["submit", "batch.json"], {
      ...toEnvironment(running.settings),
      ...change,
    });

  test("a dead Temporal address", async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const { code, stderr } = await submit({ TEMPORAL_ADDRESS: address });
    expect(code).toBe(3);
    expect(stderr).toContain(address);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  }, 60_000);

  test("a wrong S3 secret", async () => {
    const { code, stderr } = await submit({ AWS_SECRET_ACCESS_KEY: "wrong-secret-0123456789" });
    expect(code).toBe(3);
    expect(stderr).not.toContain("wrong-secret-0123456789");
    expect(stderr.trim().split("\n")).toHaveLength(1);
  }, 60_000);
});

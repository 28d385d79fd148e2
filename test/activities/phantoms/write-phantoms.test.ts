import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Progress } from "../../../activities/deps.ts";
import {
  writePhantoms,
  type WritePhantomsOptions,
} from "../../../activities/phantoms/write-phantoms.ts";
import { InvalidInput } from "../../../domain/errors.ts";
import { createPhantom } from "../../../domain/phantoms/create-phantom.ts";
import { python } from "./python.ts";

const READ = `
import glob, hashlib, json, sys, tifffile
out = {}
for folder in sys.argv[2:]:
    v = tifffile.imread(sorted(glob.glob(f"{sys.argv[1]}/{folder}/s_*.tif")))
    out[folder] = [str(v.dtype), v.shape, hashlib.sha256(v.tobytes()).hexdigest()]
print(json.dumps(out))
`;

describe("writePhantoms", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "write-phantoms-"));
  });
  afterEach(() => rm(dir, { recursive: true }));

  const options = (more: Partial<WritePhantomsOptions> = {}): WritePhantomsOptions => ({
    dir,
    count: 2,
    preset: "demo",
    size: 20,
    seed: 5,
    signal: new AbortController().signal,
    ...more,
  });
  const write = (more?: Partial<WritePhantomsOptions>) => writePhantoms(options(more), () => {});
  const truthOnDisk = async () =>
    JSON.parse(await readFile(join(dir, "truth.json"), "utf8")) as Record<string, unknown>;

  it("writes scans, labels and specimens that tifffile reads, and their truth", async () => {
    const progress: Progress[] = [];
    const truth = await writePhantoms(options(), (value) => progress.push(value));
    expect(Object.keys(truth)).toEqual(["P01", "P02"]);
    expect(await truthOnDisk()).toEqual(JSON.parse(JSON.stringify(truth)));
    expect(truth["P01"]!.seed).not.toBe(truth["P02"]!.seed);
    expect(progress.at(-1)!.fraction).toBe(1);
    const fractions = progress.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));

    const steps = createPhantom({ preset: "demo", size: 20, seed: truth["P02"]!.seed });
    let step = steps.next();
    while (!step.done) step = steps.next();
    const { scan, labels, specimen, box, specimenVoxels } = step.value;
    const entry = (data: Uint8Array | Uint16Array) => [
      data instanceof Uint8Array ? "uint8" : "uint16",
      [20, 20, 20],
      createHash("sha256").update(data).digest("hex"),
    ];
    expect(python(READ, dir, "P02", "P02.labels", "truth/P02.specimen")).toEqual({
      P02: entry(scan.data),
      "P02.labels": entry(labels.data),
      "truth/P02.specimen": entry(specimen.data),
    });
    expect(truth["P02"]).toMatchObject({
      shape_zyx: [20, 20, 20],
      box_zyx: box,
      specimenVoxels,
      preset: "demo",
      size: 20,
      voxelSizeUm: [128, 128, 128],
    });
    expect(await readdir(dir)).toHaveLength(6); // two scans, two label volumes, truth, truth.json
  });

  it("keeps what is there, makes what is missing, and repairs what is damaged", async () => {
    await write({ count: 1 });
    const slice = join(dir, "P01", "s_0003.tif");
    const before = await stat(slice);
    await write({ count: 2 });
    expect((await stat(slice)).mtimeMs).toBe(before.mtimeMs);
    expect(Object.keys(await truthOnDisk())).toEqual(["P01", "P02"]);

    const intact = await readFile(slice);
    await truncate(slice, 100);
    await write({ count: 1 });
    expect(await readFile(slice)).toEqual(intact);
    expect(Object.keys(await truthOnDisk())).toEqual(["P01", "P02"]);
  });

  it("replaces phantoms of other parameters", async () => {
    await write({ count: 1 });
    await write({ count: 1, size: 16 });
    expect(await readdir(join(dir, "P01"))).toHaveLength(16);
    expect(await truthOnDisk()).toMatchObject({ P01: { size: 16 } });
    await write({ count: 1, size: 16, container: "none", case: "empty" });
    expect(await truthOnDisk()).toMatchObject({ P01: { container: "none", specimens: [] } });
  });

  it("makes again what an earlier version described in fewer words", async () => {
    const { P01 } = await write({ count: 1 });
    const file = join(dir, "truth", "P01.json");
    const { specimens: _, specimen: __, ...older } = P01!;
    await writeFile(file, JSON.stringify(older));
    const slice = await readFile(join(dir, "P01", "s_0009.tif"));
    expect((await write({ count: 1 }))["P01"]).toEqual(P01);
    expect(await readFile(join(dir, "P01", "s_0009.tif"))).toEqual(slice);
  });

  it("gives a phantom of an id the same bytes whatever else is made", async () => {
    await write({ count: 2 });
    const slice = await readFile(join(dir, "P02", "s_0010.tif"));
    await rm(dir, { recursive: true });
    await write({ count: 1, ids: ["P02"] });
    expect(await readFile(join(dir, "P02", "s_0010.tif"))).toEqual(slice);
  });

  it("does not touch a folder that it did not make", async () => {
    await mkdir(join(dir, "P02"));
    await writeFile(join(dir, "P02", "precious.tif"), "mine");
    await expect(write()).rejects.toThrow(InvalidInput);
    await expect(write()).rejects.toThrow(/P02 exists and is no phantom/);
    expect(await readdir(dir)).toEqual(["P02"]);
  });

  it("says so when the folder is a file", async () => {
    await writeFile(join(dir, "file"), "");
    const attempt = write({ dir: join(dir, "file") });
    await expect(attempt).rejects.toThrow(InvalidInput);
    await expect(attempt).rejects.toThrow(/cannot write to .*file/);
  });

  it("refuses nonsense before it writes anything", async () => {
    const nowhere = join(dir, "new");
    await expect(write({ dir: nowhere, size: 7 })).rejects.toThrow(/size .* got 7/);
    await expect(write({ dir: nowhere, count: 0 })).rejects.toThrow(/count .* got 0/);
    expect(await readdir(dir)).toEqual([]);
  });

  it("stops when aborted, and goes on when called again", async () => {
    const controller = new AbortController();
    const stopped = writePhantoms(options({ size: 64, signal: controller.signal }), () =>
      controller.abort(new Error("enough")),
    );
    await expect(stopped).rejects.toThrow("enough");
    expect(await readdir(dir)).not.toContain("truth.json");
    await write({ size: 16 });
    expect(Object.keys(await truthOnDisk())).toEqual(["P01", "P02"]);
  });
});

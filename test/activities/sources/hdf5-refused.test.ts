import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isDomainError } from "../../../domain/errors.ts";
import { createRandom } from "../../../domain/random.ts";
import { collectVoxels } from "./collect-voxels.ts";
import { openHdf5File, writeHdf5 } from "./hdf5-files.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "microtome-hdf5-"));
  await writeHdf5(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function refusal(name: string, dataset?: string): Promise<Error> {
  const reading = openHdf5File(folder, name, dataset).then(collectVoxels);
  const error = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error(`${name} was read`);
  return error;
}

it.each([
  [
    "two.h5",
    undefined,
    "InvalidInput",
    "name one in `dataset`: /a [6,10,8] uint16, /deep/b [6,10,8] float32",
  ],
  ["two.h5", "/c", "InvalidInput", "has no c in / (looked for /c); it has /a [6,10,8] uint16"],
  ["nexus.nxs", "/entry/result/z", "UnsupportedFormat", "/entry/result/z is [6] of float64"],
  ["flat.h5", undefined, "InvalidInput", "it has /data [10,8] uint16"],
  [
    "exchange-raw.h5",
    undefined,
    "UnsupportedFormat",
    "projections, not a reconstruction: /exchange/data [6,10,8] uint16",
  ],
  ["nxtomo.nxs", undefined, "UnsupportedFormat", "image_key of the same length"],
  [
    "refused-f2.h5",
    undefined,
    "UnsupportedFormat",
    "/data holds float16, expected 8, 16 or 32-bit",
  ],
  [
    "refused-f8.h5",
    undefined,
    "UnsupportedFormat",
    "/data holds float64, which float32 would round",
  ],
  ["refused-i8.h5", undefined, "UnsupportedFormat", "/data holds int64, expected 8, 16 or 32-bit"],
  ["huge-chunk.h5", undefined, "UnsupportedFormat", "chunks of [1024,1024,1024] voxels"],
  ["never-filled.h5", undefined, "CorruptData", "takes 180000000000000 bytes, the file has"],
  [
    "nan.h5",
    undefined,
    "CorruptData",
    "slice 3 of 6 (nan.h5): 1 of 80 voxels are not finite, the first (NaN) at y=3, x=4",
  ],
  ["writing.h5", undefined, "InvalidInput", "is marked as being written"],
  ["circle.h5", "/data", "CorruptData", "links that lead in a circle"],
] as const)("refuses %s (dataset %s) with %s", async (name, dataset, type, text) => {
  const error = await refusal(name, dataset);
  expect(error.name).toBe(type);
  expect(error.message).toContain(text);
  expect(error.message).toContain("P03");
  expect(error.message).toContain(name);
});

it.each([
  ["sub/link-outside.h5", undefined, "../outside.h5, outside its own folder"],
  ["sub/link-outside.h5", "/entry/data", "../outside.h5, outside its own folder"],
  ["sub/link-absolute.h5", "/entry/data", "outside its own folder"],
  ["sub/link-symlink.h5", "/data", "symlink.h5, a link to outside its own folder"],
  ["sub/virtual-outside.h5", undefined, "../outside.h5, outside its own folder"],
  ["external.h5", undefined, "voxels.bin, which is not read"],
])("does not leave the folder for %s (dataset %s)", async (name, dataset, text) => {
  const error = await refusal(name, dataset);
  expect(error.name).toBe("InvalidInput");
  expect(error.message).toContain(text);
});

it.each([
  ["sub/link-broken.h5", "/entry/data", "InvalidInput", "the file sub/gone.h5, which is not there"],
  ["virtual-missing.h5", undefined, "NotFound", "the file sub/gone.h5, which is not there"],
  ["virtual-no-path.h5", undefined, "NotFound", "has no y in / of part.h5"],
  [
    "virtual-short.h5",
    undefined,
    "CorruptData",
    "480 of them, and the data sets that it is put together from have 160",
  ],
  [
    "virtual-type.h5",
    undefined,
    "UnsupportedFormat",
    "/data of uint16 is put together from sub/floats.h5data of float32",
  ],
])("does not fill up what %s (dataset %s) lacks", async (name, dataset, type, text) => {
  const error = await refusal(name, dataset);
  expect(error.name).toBe(type);
  expect(error.message).toContain(text);
});

it("names a filter that it does not have", async () => {
  const bytes = await readFile(join(folder, "lzf.h5"));
  // 32000 (LZF) becomes 32017 (SZ), in the message that lists filters.
  bytes.writeUInt16LE(32017, bytes.indexOf(Buffer.from([0x00, 0x7d])));
  await writeFile(join(folder, "sz.h5"), bytes);
  const error = await refusal("sz.h5");
  expect(error.name).toBe("UnsupportedFormat");
  expect(error.message).toContain("/data is compressed with filter 32017");
});

it("says of every damaged file that it is damaged, and reads the next one", async () => {
  const random = createRandom(11);
  const bases = await Promise.all(
    ["latest.h5", "nexus.nxs", "big-u2.h5"].map((name) => readFile(join(folder, name))),
  );
  const outcomes = new Map<string, number>();
  for (let i = 0; i < 18; i++) {
    let bytes = Buffer.from(bases[i % bases.length]!);
    if (i % 4 === 0) bytes = bytes.subarray(0, 1 + random.int(bytes.length - 1));
    else {
      for (let n = 1 + random.int(5); n > 0; n--) {
        const at = random.int(Math.min(bytes.length, 4000));
        bytes[at] = [0, 255, 128, random.int(256)][random.int(4)]!;
      }
    }
    await writeFile(join(folder, "damaged.h5"), bytes);
    const started = performance.now();
    const outcome = await openHdf5File(folder, "damaged.h5")
      .then(collectVoxels)
      .then(
        () => "read",
        (error: Error) => (isDomainError(error) ? error.name : `${error.name}: ${error.message}`),
      );
    expect(performance.now() - started).toBeLessThan(20_000);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  expect(outcomes.get("CorruptData")).toBeGreaterThan(8);
  for (const outcome of outcomes.keys()) {
    expect(["read", "CorruptData", "InvalidInput", "UnsupportedFormat", "NotFound"]).toContain(
      outcome,
    );
  }
  // What is whole is still read.
  expect(await openHdf5File(folder, "u2.h5").then(collectVoxels)).toHaveLength(960);
});

it("keeps the library's own messages off the terminal", async () => {
  const bytes = await readFile(join(folder, "latest.h5"));
  await writeFile(join(folder, "cut.h5"), bytes.subarray(0, bytes.length - 100));
  const script = join(folder, "open.mts");
  const module = new URL("../../../activities/sources/open-source.ts", import.meta.url).href;
  await writeFile(
    script,
    `import { openSource } from ${JSON.stringify(module)};
await openSource({ scan: "P03", source: "cut.h5" }, ${JSON.stringify(folder)}).catch((error) => console.log(error.name));`,
  );
  const run = fileURLToPath(new URL("../../../infra/run.mjs", import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [run, script]);
  expect({ stdout, stderr }).toEqual({ stdout: "CorruptData\n", stderr: "" });
});

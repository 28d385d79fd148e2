import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runPython } from "../support/run-python.ts";
import { readScript } from "./read-script.ts";
import { putOnDisk, VOXEL_SIZE_UM, type WrittenVolume, writeVolumes } from "./write-volumes.ts";

/** What a reader says of one level; see `read-volumes.py`. */
interface FoundLevel {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly names: readonly string[];
  readonly scale: readonly number[];
  readonly translation: readonly number[];
  /** Voxels that are not what numpy makes of the source. */
  readonly different: number;
}

// The last releases for Python 3.10 that read Zarr v3 with shards: of tensorstore alone.
const old = (await runPython("import sys; print(sys.version_info < (3, 11))")).trim() === "True";
const READERS = ["zarr-python", "tensorstore", "ome-zarr-py", "ngff-zarr"];
const readers = old ? ["tensorstore"] : READERS;

let folder: string;
let volumes: readonly WrittenVolume[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "microtome-interop-"));
  const written = await writeVolumes(folder);
  ({ volumes } = written);
  for (const { prefix } of volumes) await putOnDisk(written.store, prefix, folder);
  const cases = volumes.map(({ name, source, mode, prefix }) => ({
    name,
    source,
    mode,
    zarr: join(folder, prefix),
  }));
  await writeFile(join(folder, "cases.json"), JSON.stringify(cases));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Halved, rounded up, until the longest axis has at most 64 voxels. */
function levels(shape: readonly number[]): readonly (readonly number[])[] {
  const next = shape.map((n) => Math.ceil(n / 2));
  return Math.max(...shape) > 64 ? [shape, ...levels(next)] : [shape];
}

describe.each(readers)("%s opens the volumes that the pipeline writes", (reader) => {
  let found: Readonly<Record<string, readonly FoundLevel[]>>;
  beforeAll(async () => {
    const script = await readScript("read-volumes.py");
    found = JSON.parse(await runPython(script, reader, join(folder, "cases.json"))) as typeof found;
  });

  it("agrees with the source in every voxel of every level, for every type and shape", () => {
    expect(volumes.length).toBe(23);
    const different = Object.fromEntries(
      volumes.map(({ name }) => [name, found[name]!.map((level) => level.different)]),
    );
    const none = Object.fromEntries(
      volumes.map(({ name, shape }) => [name, levels(shape).map(() => 0)]),
    );
    expect(different).toEqual(none);
  });

  it("finds the source's type, and levels of half the voxels, rounded up", () => {
    for (const { name, shape, dtype } of volumes) {
      const seen = found[name]!.map((level) => [level.shape, level.dtype]);
      expect(seen, name).toEqual(levels(shape).map((level) => [level, dtype]));
    }
  });

  it("finds the axes z, y, x, and every level's voxels where they lie in space", () => {
    for (const { name } of volumes) {
      for (const [k, level] of found[name]!.entries()) {
        expect(level.names, name).toEqual(["z", "y", "x"]);
        const [scale, first] = [2 ** k, (2 ** k - 1) / 2];
        expect(level.scale, name).toEqual(VOXEL_SIZE_UM.map((s) => s * scale));
        expect(level.translation, name).toEqual(VOXEL_SIZE_UM.map((s) => s * first));
      }
    }
  });
});

it("gives a viewer a window that is neither that of a hot voxel nor empty", async () => {
  const { prefix } = volumes.find(({ name }) => name === "hot-voxel")!;
  const zero = volumes.find(({ name }) => name === "all-zero")!;
  const script = `import json, sys
for path in sys.argv[1:]:
    print(json.dumps(json.load(open(path + "/zarr.json"))["attributes"]["ome"]["omero"]["channels"]))`;
  const output = await runPython(script, join(folder, prefix), join(folder, zero.prefix));
  const [hot, empty] = output
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as [{ window: Record<string, number> }])[0].window);
  // Noise between 1000 and 1255, of which eight and more voxels are averaged, and one of 65535.
  expect(hot!["start"]).toBeGreaterThanOrEqual(1000);
  expect(hot!["start"]).toBeLessThan(1100);
  expect(hot!["end"]).toBeGreaterThan(1150);
  expect(hot!["end"]).toBeLessThanOrEqual(1255);
  expect(hot).toMatchObject({ min: 0, max: 65535 });
  expect(empty!["end"]).toBeGreaterThan(empty!["start"]!);
});

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { purgeVolume } from "../../../activities/retention/purge-volume.ts";
import { quarantineVolume } from "../../../activities/retention/quarantine-volume.ts";
import { createVolumeManifests } from "../../../activities/retention/volume-manifests.ts";
import { openSource } from "../../../activities/sources/open-source.ts";
import { readManifest, toJson } from "../../../activities/stage/manifests.ts";
import { createDirectoryStore } from "../../../activities/stores/directory-store.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { exportPath, type ExportFormat } from "../../../activities/volumes/export-volume.ts";
import { readLevel } from "../../../activities/volumes/read-box.ts";
import { uncrop } from "../../../activities/volumes/uncrop.ts";
import { volumeInfo } from "../../../activities/volumes/volume-info.ts";
import { CorruptData, InvalidInput, NotFound } from "../../../domain/errors.ts";
import type { Dtype, Grid } from "../../../domain/volumes/shape.ts";
import { keys } from "../../../schemas/names.ts";
import { writeVolume } from "../../support/random-volume.ts";
import { runPython } from "../../support/run-python.ts";
import { snapshot, storeScan, type StoredScan } from "../../support/stored-scan.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { collectVoxels } from "../sources/collect-voxels.ts";

let store: ReturnType<typeof createMemoryStore>;
let dir: string;
beforeEach(async () => {
  store = createMemoryStore();
  dir = await temporaryFolder();
});

const rebuild = async (
  { crop }: StoredScan,
  format: ExportFormat,
  more: Partial<Parameters<typeof uncrop>[2]> = {},
) => {
  const to = exportPath(dir, "A", format);
  const recordTo = join(dir, "A.uncrop.json");
  return { to, recordTo, how: await uncrop(store, crop, { format, to, recordTo, ...more }) };
};
const moveAside = ({ digest }: StoredScan) =>
  quarantineVolume(store, {
    ...{ volume: digest, batch: "b", scan: "A", since: "2026-01-01", until: "2026-02-01" },
    manifests: createVolumeManifests(store),
  });
const purge = async (scan: StoredScan) => {
  await moveAside(scan);
  await purgeVolume(store, scan.digest, new Date(0));
};
/** The same bytes, whatever type they are seen as. */
const same = (a: Grid["data"], b: Grid["data"]) =>
  Buffer.compare(
    Buffer.from(a.buffer, a.byteOffset, a.byteLength),
    Buffer.from(b.buffer, b.byteOffset, b.byteLength),
  ) === 0;

/** The grid with one value wherever the region is not, by the definition of the layout. */
function filled({ grid, region }: StoredScan, value: number): Grid["data"] {
  const out = grid.data.slice();
  const [, ny, nx] = grid.shape;
  for (let i = 0; i < out.length; i++) {
    const at = [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx];
    if (!region.every(([lo, hi], axis) => lo <= at[axis]! && at[axis]! < hi)) out[i] = value;
  }
  return out;
}

describe("a crop whose whole volume is in the store", () => {
  it.each<[Dtype, ExportFormat]>([
    ["uint16", "nifti"],
    ["int16", "nrrd"],
    ["uint8", "tiff"],
    ["float32", "nifti"],
  ])("is rebuilt byte for byte: %s as %s", async (dtype, format) => {
    const scan = await storeScan(store, "A", { dtype });
    const fractions: number[] = [];
    const { to, recordTo, how } = await rebuild(scan, format, {
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(how).toEqual({ shell: "kept" });
    const back = await openSource({ scan: "A", source: to }, "/");
    expect([back.shape, back.dtype]).toEqual([scan.grid.shape, dtype]);
    expect(same(await collectVoxels(back), scan.grid.data)).toBe(true);
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toHaveLength(70);
    expect(JSON.parse(await readFile(recordTo, "utf8"))).toEqual({
      uncropped: { crop: scan.crop, volume: scan.digest, region: scan.region, shell: "kept" },
    });
  });

  it("is rebuilt as OME-Zarr that zarr-python finds equal, and that says how it was made", async () => {
    const scan = await storeScan(store, "A");
    const { to } = await rebuild(scan, "ome-zarr");
    const raw = join(dir, "voxels.bin");
    await writeFile(raw, Buffer.from(scan.grid.data.buffer));
    const out = await runPython(
      `import sys, json, numpy as np, zarr
group = zarr.open_group(sys.argv[1], mode="r")
expected = np.fromfile(sys.argv[2], dtype="uint16").reshape(70, 20, 16)
print(bool((group["0"][:] == expected).all()), json.dumps(group.attrs["microtome"]["record"]))`,
      to,
      raw,
    );
    const [equal, ...record] = out.trim().split(" ");
    expect(equal).toBe("True");
    expect(JSON.parse(record.join(" "))).toMatchObject({ uncropped: { shell: "kept" } });
    expect(await readdir(dir)).toEqual(["A.ome.zarr", "voxels.bin"]);
  });

  it("is rebuilt the same out of quarantine", async () => {
    const scan = await storeScan(store, "A");
    await moveAside(scan);
    const { to, how } = await rebuild(scan, "nrrd");
    expect(how).toEqual({ shell: "quarantined" });
    const back = await openSource({ scan: "A", source: to }, "/");
    expect(same(await collectVoxels(back), scan.grid.data)).toBe(true);
  });

  it("that differs from it in one voxel is not rebuilt, and the voxel is named", async () => {
    const scan = await storeScan(store, "A");
    // Another crop under the same key: z 40, y 9, x 7 of the whole is one more.
    const { data } = await readLevel(store, keys.crop(scan.crop), 0);
    const changed = data.slice();
    changed[((40 - 10) * 14 + (9 - 3)) * 10 + (7 - 2)]! += 1;
    const manifest = (await readManifest(store, "crop", scan.crop))!;
    await writeVolume(store, keys.crop(scan.crop), { shape: [56, 14, 10], data: changed }, "uint16"); // prettier-ignore
    const outputs = await Promise.all(
      manifest.outputs.map(async ({ key }) => ({ key, bytes: (await store.head(key))!.bytes })),
    );
    await store.put(keys.manifest("crop", scan.crop), toJson({ ...manifest, outputs }));
    await expect(rebuild(scan, "nrrd")).rejects.toThrow(CorruptData);
    await expect(rebuild(scan, "nrrd")).rejects.toThrow(/z 40, y 9, x 7/);
    expect(await readdir(dir)).toEqual([]);
  });
});

describe("a crop whose whole volume is purged", () => {
  it("is surrounded by the recorded median of the background, and says so", async () => {
    const background = { mean: 912.3, standardDeviation: 20, median: 910.5, count: 999 };
    const scan = await storeScan(store, "A", { record: { background } });
    await purge(scan);
    const { to, recordTo, how } = await rebuild(scan, "nifti");
    expect(how).toEqual({ shell: "filled", fill: 911, fillFrom: "median of the background" });
    const back = await openSource({ scan: "A", source: to }, "/");
    expect(back.shape).toEqual([70, 20, 16]);
    expect(same(await collectVoxels(back), filled(scan, 911))).toBe(true);
    expect(JSON.parse(await readFile(recordTo, "utf8"))).toMatchObject({
      uncropped: { shell: "filled", fill: 911 },
    });
  });

  it("that was cut to everything needs no background", async () => {
    const region = [[0, 70], [0, 20], [0, 16]] as const; // prettier-ignore
    const scan = await storeScan(store, "A", { region, record: { background: null } });
    await purge(scan);
    const { to } = await rebuild(scan, "nrrd");
    const back = await openSource({ scan: "A", source: to }, "/");
    expect(same(await collectVoxels(back), scan.grid.data)).toBe(true);
  });

  it("is surrounded by zeros where an early record holds no background", async () => {
    const scan = await storeScan(store, "A", { dtype: "int16" });
    await purge(scan);
    const { to, how } = await rebuild(scan, "ome-zarr");
    expect(how).toEqual({ shell: "filled", fill: 0, fillFrom: "nothing recorded" });
    const folder = createDirectoryStore({ root: dir });
    const { data } = await readLevel(folder, "A.ome.zarr", 0);
    expect(same(data, filled(scan, 0))).toBe(true);
    expect((await volumeInfo(folder, "A.ome.zarr")).record).toMatchObject({
      uncropped: { shell: "filled", fill: 0 },
    });
    expect(to).toBe(join(dir, "A.ome.zarr"));
  });
});

describe("what cannot be rebuilt", () => {
  it("names an object of the crop that is gone, instead of reading zeros", async () => {
    const scan = await storeScan(store, "A");
    await purge(scan);
    const victim = (await readManifest(store, "crop", scan.crop))!.outputs.find(({ key }) => key.includes("/c/"))!; // prettier-ignore
    await store.delete(victim.key);
    await expect(rebuild(scan, "nrrd")).rejects.toThrow(CorruptData);
    await expect(rebuild(scan, "nrrd")).rejects.toThrow(victim.key);
  });

  it("names an object of the whole volume that is gone", async () => {
    const scan = await storeScan(store, "A");
    const victim = (await readManifest(store, "ingest", scan.digest))!.outputs.find(({ key }) => key.includes("/c/"))!; // prettier-ignore
    await store.delete(victim.key);
    await expect(rebuild(scan, "nrrd")).rejects.toThrow(victim.key);
    expect(await readdir(dir)).toEqual([]);
  });

  it.each([
    ["no region", { region: undefined }],
    ["a region outside", { region: [[0, 71], [0, 20], [0, 16]] }], // prettier-ignore
    ["a source that is no digest", { source: { volume: "../x", shape: [70, 20, 16], dtype: "uint16" } }], // prettier-ignore
    ["another shape than the crop", { region: [[10, 65], [3, 17], [2, 12]] }], // prettier-ignore
  ])("has a record with %s", async (_, record) => {
    const scan = await storeScan(store, "A", { record });
    await expect(rebuild(scan, "nrrd")).rejects.toThrow(CorruptData);
  });

  it("is a crop that there is not, or one without a manifest", async () => {
    const scan = await storeScan(store, "A");
    await expect(rebuild({ ...scan, crop: "0".repeat(64) }, "nrrd")).rejects.toThrow(NotFound);
    await store.delete(keys.manifest("crop", scan.crop));
    await expect(rebuild(scan, "nrrd")).rejects.toThrow(/not whole/);
  });

  it("leaves what was there before, and nothing half-written, when it is stopped", async () => {
    const scan = await storeScan(store, "A");
    await writeFile(join(dir, "A.nrrd"), "before");
    for (const format of ["nrrd", "ome-zarr"] as const) {
      const stop = new AbortController();
      const reason = new InvalidInput("stop");
      const onProgress = (fraction: number) => void (fraction > 0.5 && stop.abort(reason));
      const stopped = rebuild(scan, format, { signal: stop.signal, onProgress });
      await expect(stopped).rejects.toThrow();
    }
    expect(await readdir(dir)).toEqual(["A.nrrd"]);
    expect(await readFile(join(dir, "A.nrrd"), "utf8")).toBe("before");
  });

  it("changes nothing in the store", async () => {
    const scan = await storeScan(store, "A");
    const before = await snapshot(store);
    await rebuild(scan, "nrrd");
    expect(await snapshot(store)).toEqual(before);
  });
});

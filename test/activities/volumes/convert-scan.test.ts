import { existsSync } from "node:fs";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openSource } from "../../../activities/sources/open-source.ts";
import { createDirectoryStore } from "../../../activities/stores/directory-store.ts";
import { convertScan } from "../../../activities/volumes/convert-scan.ts";
import { exportPath } from "../../../activities/volumes/export-volume.ts";
import { volumeInfo } from "../../../activities/volumes/volume-info.ts";
import { EXPORT_FORMATS } from "../../../schemas/formats.ts";
import { randomVoxels } from "../../support/random-volume.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { collectVoxels } from "../sources/collect-voxels.ts";

const shape = [67, 31, 50] as const;
const grid = randomVoxels(shape, "int16", 6);
const bytes = Buffer.from(grid.data.buffer);

async function rawScan() {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "s.raw"), bytes);
  const raw = { shape, dtype: "int16" } as const;
  return { folder, spec: { scan: "s", source: "s.raw", raw, voxelSizeUm: [3, 2, 1.5] } };
}

it.each(EXPORT_FORMATS)("brings a scan to %s and back without losing a bit", async (format) => {
  const { folder, spec } = await rawScan();
  const fractions: number[] = [];
  const there = exportPath(folder, "there", format);
  const converted = await convertScan(spec, folder, {
    format,
    to: there,
    onProgress: (fraction) => fractions.push(fraction),
  });
  expect(converted).toMatchObject({ format: "raw", shape, dtype: "int16" });
  expect(converted.voxelSize).toMatchObject({ voxelSizeUm: [3, 2, 1.5], from: "user" });
  expect(fractions).toHaveLength(67);
  const back = await openSource({ scan: "s", source: there }, folder);
  expect(Buffer.compare(await collectVoxels(back), bytes)).toBe(0);
  // A single slice says nothing of its neighbours' distance.
  const known = format === "tiff-slices" ? [undefined, 2, 1.5] : [3, 2, 1.5];
  known.forEach((um, axis) => {
    if (um !== undefined) expect(back.voxelSizeUm![axis]).toBeCloseTo(um, 4);
  });
  expect((await readdir(folder)).sort()).toEqual(["s.raw", there.split("/").at(-1)].sort());
});

it("downsamples labels by mode, and says so in the document", async () => {
  const { folder, spec } = await rawScan();
  const to = join(folder, "labels.ome.zarr");
  await convertScan(spec, folder, { format: "ome-zarr", to, labels: true });
  const info = await volumeInfo(createDirectoryStore({ root: folder }), "labels.ome.zarr");
  expect(info).toMatchObject({ downsampling: "mode", window: undefined, name: "s" });
});

it("leaves what was there when the scan is damaged or the work is stopped", async () => {
  const { folder, spec } = await rawScan();
  const to = join(folder, "there.nrrd");
  await convertScan(spec, folder, { format: "nrrd", to });
  const stop = new AbortController();
  const stopped = convertScan(spec, folder, {
    format: "nrrd",
    to,
    signal: stop.signal,
    onProgress: () => stop.abort(new Error("enough")),
  });
  await expect(stopped).rejects.toThrow();
  await writeFile(join(folder, "s.raw"), bytes.subarray(0, -2));
  await expect(convertScan(spec, folder, { format: "nrrd", to })).rejects.toMatchObject({
    name: "InvalidInput",
    message: expect.stringContaining("s.raw") as string,
  });
  const back = await openSource({ scan: "s", source: to }, folder);
  expect(Buffer.compare(await collectVoxels(back), bytes)).toBe(0);
  expect((await readdir(folder)).sort()).toEqual(["s.raw", "there.nrrd"]);
  await rm(to);
  expect(existsSync(to)).toBe(false);
});

import { readFile } from "node:fs/promises";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSource } from "../../../activities/sources/open-source.ts";
import { runPython } from "../../support/run-python.ts";
import { collectVoxels } from "./collect-voxels.ts";

const folder = mkdtempSync(join(tmpdir(), "microtome-tiffs-"));

beforeAll(async () => {
  const script = await readFile(fileURLToPath(new URL("write-tiffs.py", import.meta.url)), "utf8");
  await runPython(script, folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const DTYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"];
const LIBTIFF = ["uint8", "uint16", "int32", "float32"].flatMap((dtype) => [
  ...["tiff_lzw", "packbits", "tiff_adobe_deflate", "zstd"].map((m) => `${dtype}-libtiff-${m}`),
  ...["tiff_lzw", "zstd"].map((m) => `${dtype}-libtiff-${m}-predictor`),
]);

const ENCODED = ["lzw", "zlib", "packbits", "zstd"].flatMap((method) =>
  ["little", "big"].flatMap((endian) =>
    ["uint8", "uint16", "int16", "uint32", "float32"].flatMap((dtype) => {
      const predictors = method === "packbits" ? [1] : dtype === "float32" ? [1, 3] : [1, 2];
      return predictors.flatMap((predictor) =>
        ["strips", "tiles"].map((layout) => `${method}-${endian}-${dtype}-${predictor}-${layout}`),
      );
    }),
  ),
);

it.each([
  ...ENCODED,
  "large-zlib-predictor-3",
  "large-lzw-predictor-2",
  ...DTYPES.flatMap((d) => [d, `${d}-big-endian`, `${d}-strips-deflate`]),
  ...["uint8", "uint16", "int16", "uint32", "int32"].flatMap((d) => [
    `${d}-deflate-predictor`,
    `${d}-deflate-predictor-big-endian`,
  ]),
  "uint16-tiled",
  "uint16-tiled-deflate-predictor-big-endian",
  "float32-tiled",
  "uint16-bigtiff",
  "uint16-bigtiff-big-endian",
  "uint16-white-is-zero",
  ...LIBTIFF,
  "float32-libtiff-deflate-float-predictor",
  "float32-libtiff-lzw-float-predictor",
  "uint16-libtiff-lzw-noise",
  "uint8-libtiff-lzw-zeros",
  "imagej",
  "imagej-big-endian-float",
  "imagej-one-directory",
  "ome.ome",
  "centimetres",
  "thumbnail",
])("reads %s.tif voxel for voxel as it was written", async (name) => {
  const source = await openSource({ scan: "P01", source: `${name}.tif` }, folder);
  const expected = JSON.parse(await readFile(join(folder, `${name}.json`), "utf8")) as object;
  expect({ shape: source.shape, dtype: source.dtype }).toEqual(expected);
  expect(source.format).toBe("tiff");
  const raw = await readFile(join(folder, `${name}.raw`));
  expect(Buffer.compare(await collectVoxels(source), raw)).toBe(0);
});

it.each([
  ["imagej", [3.5, 2, 2.5]],
  ["imagej-big-endian-float", undefined],
  ["ome.ome", [2, 0.6, 0.5]],
  ["centimetres", [8, 8, 8]],
  ["screen", undefined],
  ["uint16", undefined],
])("takes the voxel size of %s.tif for %j", async (name, expected) => {
  const source = await openSource({ scan: "P01", source: `${name}.tif` }, folder);
  expect(source.voxelSizeUm).toEqual(expected);
});

it("reads a source any number of times", async () => {
  const source = await openSource({ scan: "P01", source: "uint16-tiled.tif" }, folder);
  expect(Buffer.compare(await collectVoxels(source), await collectVoxels(source))).toBe(0);
});

it("stops reading when it is told to", async () => {
  const source = await openSource({ scan: "P01", source: "uint16.tif" }, folder);
  const controller = new AbortController();
  const planes = source.planes(controller.signal);
  await planes.next();
  controller.abort(new Error("enough"));
  await expect(planes.next()).rejects.toThrow("enough");
});

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cp, mkdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { Encoder } from "@toondepauw/node-zstd";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fingerprintSource } from "../../../activities/sources/fingerprint.ts";
import { openSource } from "../../../activities/sources/open-source.ts";
import { runPython } from "../../support/run-python.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { collectVoxels } from "./collect-voxels.ts";

// zarr-python 2, the last one for Python 3.10, writes no Zarr v3.
const old = (await runPython("import sys; print(sys.version_info < (3, 11))")).trim() === "True";

const open = (source: string, dataset?: string) =>
  openSource({ scan: "Z1", source, ...(dataset === undefined ? {} : { dataset }) }, "/");

describe.skipIf(old)("what zarr-python and ome-zarr-py write", () => {
  const folder = mkdtempSync(join(tmpdir(), "microtome-zarrs-"));

  beforeAll(async () => {
    const script = await readFile(
      fileURLToPath(new URL("write-zarrs.py", import.meta.url)),
      "utf8",
    );
    await runPython(script, folder);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const truth = (name: string) => ({
    voxels: readFileSync(join(folder, `${name}.raw`)),
    ...(JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as {
      shape: number[];
      dtype: string;
    }),
  });

  const DTYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "bool"];
  const BIG = ["uint16", "int32", "float32"];

  it.each([
    ...DTYPES.flatMap((dtype) => [`v2-${dtype}`, `v3-${dtype}`, `v3-${dtype}-sharded`]),
    ...BIG.flatMap((dtype) => [`v2-${dtype}-big`, `v3-${dtype}-big`]),
    ...["raw", "slash", "fortran", "zlib", "gzip", "zstd", "lz4", "blosc-lz4-bitshuffle"].map(
      (name) => `v2-${name}`,
    ),
    ...["blosc-zstd", "shuffle", "delta", "delta-fortran", "sparse"].map((name) => `v2-${name}`),
    ...["raw", "dot", "v2-keys", "gzip", "zstd", "blosc-lz4", "blosc-zlib-bitshuffle"].map(
      (name) => `v3-${name}`,
    ),
    ...["crc32c", "transpose", "numcodecs-lz4", "index-first", "sharded-transpose"].map(
      (name) => `v3-${name}`,
    ),
    ...["one-chunk", "deep", "sparse", "sparse-sharded", "4d", "wide-chunk-4d"].map(
      (name) => `v3-${name}`,
    ),
    "ome-04",
    "ome-05",
  ])("reads %s voxel for voxel", async (name) => {
    const { voxels, shape, dtype } = truth(name);
    const source = await open(join(folder, name));
    expect(source).toMatchObject({ format: "ome-zarr", shape, dtype });
    expect((await collectVoxels(source)).equals(voxels)).toBe(true);
  });

  it.each([
    ["ome-04", 2, "0.4"],
    ["ome-05", 3, "0.5"],
  ])("knows the voxels of %s in micrometres, each axis in its own unit", async (name, zarr, v) => {
    const source = await open(join(folder, name));
    expect(source.voxelSizeUm).toEqual([250, 0.5, 0.125]);
    expect(source.origin).toMatchObject({
      zarrFormat: zarr,
      version: v,
      dataset: "s0",
      name: "the fish",
      axes: ["c", "z", "y", "x"],
      unitKnown: true,
    });
    const half = await open(join(folder, name), "s1");
    expect((await collectVoxels(half)).equals(truth(`${name}-level-1`).voxels)).toBe(true);
    // ome-zarr-py halves y and x, and rounds: 37 voxels become 18.
    expect(half.voxelSizeUm).toEqual([250, 1, 0.256944444444]);
    expect(half.origin["translationUm"]).toEqual([0, 0.25, 0.0659722222222]);
  });

  it("counts the chunks that are not stored", async () => {
    expect((await open(join(folder, "v3-sparse"))).origin["missingChunks"]).toBe(26);
    expect((await open(join(folder, "v3-raw"))).origin).not.toHaveProperty("missingChunks");
  });

  it("finds an array inside a plain group", async () => {
    const source = await open(join(folder, "plain"), "/entry/data");
    expect((await collectVoxels(source)).equals(truth("v3-raw").voxels)).toBe(true);
    expect(source.voxelSizeUm).toBeUndefined();
  });

  it.each([
    ["v3-channels", /has 3 entries along its axis c, expected 1/],
    ["v3-xyz", /axes of space x, y, z, expected z, y, x in this order/],
    ["v3-czx", /has 11 entries along its axis c, expected 1/],
    ["v3-flat", /two dimensions, expected z, y, x/],
    ["v3-unnamed-4d", /has 4 axes, shape \[1,11,26,37\], that are not called z, y, x/],
    ["v2-float64", /holds float64, which float32 would round/],
    ["v3-float64", /holds float64, which float32 would round/],
    ["v2-int64", /holds "int64", expected uint8, int8/],
    ["v3-uint64", /holds "uint64", expected uint8/],
    ["v2-float16", /holds "float16"/],
    ["v3-complex64", /holds "complex64"/],
    ["plain", /plain is a Zarr group, not an image; name one as dataset: entry/],
  ])("does not read %s, and says why", async (name, message) => {
    await expect(open(join(folder, name))).rejects.toMatchObject({
      name: "UnsupportedFormat",
      message: expect.stringMatching(message) as string,
    });
  });

  it("names voxels that a missing chunk makes NaN", async () => {
    await expect(open(join(folder, "v3-nan")).then(collectVoxels)).rejects.toMatchObject({
      name: "CorruptData",
      message: expect.stringMatching(
        /^Z1 .*plane 9 of 11: 962 of 962 voxels are not finite/,
      ) as string,
    });
  });

  it.each([
    ["v3-raw", "c/1/2/0"],
    ["v3-gzip", "c/1/2/0"],
    ["v3-zstd", "c/1/2/0"],
    ["v3-blosc-lz4", "c/1/2/0"],
    ["v3-crc32c", "c/1/2/0"],
    ["v3-numcodecs-lz4", "c/1/2/0"],
    ["v3-uint16", "c/1/2/0"],
    ["v3-uint16-sharded", "c/1/2/0"],
    ["v3-index-first", "c/1/2/0"],
    ["v2-zlib", "1.2.0"],
    ["v2-blosc-zstd", "1.2.0"],
  ])("names the chunk of %s that was cut off at any length", async (name, chunk) => {
    const copy = join(await temporaryFolder(), name);
    await cp(join(folder, name), copy, { recursive: true });
    const whole = await readFile(join(copy, chunk));
    for (const length of [whole.length - 1, whole.length - 5, whole.length >> 1, 17, 3, 0]) {
      await writeFile(join(copy, chunk), whole);
      await truncate(join(copy, chunk), length);
      const failure: unknown = await open(copy)
        .then(collectVoxels)
        .catch((error: unknown) => error);
      expect(failure, String(length)).toMatchObject({
        name: "CorruptData",
        message: expect.stringMatching(
          new RegExp(`^Z1 \\(.*${name}\\): chunk ${chunk.replaceAll(".", "\\.")} `),
        ) as string,
      });
    }
  });

  it.each(["v3-crc32c", "v3-zstd", "v3-uint16-sharded", "v2-zlib"])(
    "never takes flipped bits of %s for voxels",
    async (name) => {
      const copy = join(await temporaryFolder(), name);
      await cp(join(folder, name), copy, { recursive: true });
      const chunk = join(copy, name.startsWith("v2") ? "0.0.0" : "c/0/0/0");
      const whole = await readFile(chunk);
      // Where a checksum guards: everywhere, and in a shard its index.
      const from = name.endsWith("sharded") ? whole.length - 8 * 16 - 4 : 0;
      for (let at = from; at < whole.length; at += Math.ceil((whole.length - from) / 40)) {
        const bad = Buffer.from(whole);
        bad[at]! ^= 16;
        await writeFile(chunk, bad);
        const result = await open(copy)
          .then(collectVoxels)
          .catch((error: unknown) => error);
        // Bits that mean nothing may flip: the level of a zlib header, say.
        if (Buffer.isBuffer(result))
          expect(result.equals(truth(name).voxels), String(at)).toBe(true);
        else expect(result).toMatchObject({ name: "CorruptData" });
      }
    },
  );

  it("is named by documents and chunks of its level, with their keys", async () => {
    const copy = join(await temporaryFolder(), "moved");
    await cp(join(folder, "ome-05"), copy, { recursive: true });
    const digest = async (path: string) => fingerprintSource(await open(path), { scan: "Z1" });
    const first = await digest(join(folder, "ome-05"));
    expect(await digest(copy)).toBe(first);

    await rm(join(copy, "s1/c/0/0/0/0"));
    await writeFile(join(copy, "s0/c/0/.DS_Store"), "x");
    await writeFile(join(copy, "s0/c/0/0/0/9"), "outside of the array");
    expect(await digest(copy), "other levels and stray files do not count").toBe(first);

    // The same bytes under another key are another volume.
    await cp(join(copy, "s0/c/0/0/0/1"), join(copy, "s0/c/0/0/0/0"));
    const twice = await digest(copy);
    expect(twice).not.toBe(first);
    await rm(join(copy, "s0/c/0/0/0/1"));
    const left = await digest(copy);
    await cp(join(copy, "s0/c/0/0/0/0"), join(copy, "s0/c/0/0/0/1"));
    await rm(join(copy, "s0/c/0/0/0/0"));
    expect(await digest(copy)).not.toBe(left);
  });

  it("follows links to chunks, as data sets under version control have them", async () => {
    const copy = join(await temporaryFolder(), "linked");
    await cp(join(folder, "v3-raw"), copy, { recursive: true });
    await rm(join(copy, "c/0/0/0"));
    await symlink(join(folder, "v3-raw/c/0/0/0"), join(copy, "c/0/0/0"));
    expect((await collectVoxels(await open(copy))).equals(truth("v3-raw").voxels)).toBe(true);
  });

  it("does not take a chunk that is removed while it reads for fill value", async () => {
    const copy = join(await temporaryFolder(), "shrinking");
    await cp(join(folder, "v3-raw"), copy, { recursive: true });
    const source = await open(copy);
    await rm(join(copy, "c/2/1/1"));
    await expect(collectVoxels(source)).rejects.toMatchObject({
      name: "NotFound",
      message: expect.stringMatching(/c\/2\/1\/1 was removed while the array was read/) as string,
    });
  });
});

/** Write documents and chunks. */
async function write(files: Readonly<Record<string, unknown>>): Promise<string> {
  const root = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    const bytes = Buffer.isBuffer(content) || typeof content === "string";
    await writeFile(join(root, name), bytes ? content : JSON.stringify(content));
  }
  return root;
}

const V3 = {
  zarr_format: 3,
  node_type: "array",
  shape: [2, 3, 4],
  data_type: "uint8",
  chunk_grid: { name: "regular", configuration: { chunk_shape: [2, 3, 4] } },
  chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
  codecs: [{ name: "bytes" }],
  fill_value: 0,
};
const V2 = {
  zarr_format: 2,
  shape: [2, 3, 4],
  dtype: "|u1",
  chunks: [2, 3, 4],
  order: "C",
  compressor: null,
  filters: null,
  fill_value: 0,
};
const CHUNK = Buffer.from(Uint8Array.from({ length: 24 }, (_, i) => i));
const zstd = new Encoder(1);
const AXES = ["z", "y", "x"].map((name) => ({ name, type: "space", unit: "micrometer" }));
const scale = (...s: number[]) => ({ type: "scale", scale: s });
const DATASETS = [{ path: "0", coordinateTransformations: [scale(3, 2, 1)] }];

const array = (more = {}, files = {}) => ({
  "zarr.json": { ...V3, ...more },
  "c/0/0/0": CHUNK,
  ...files,
});
const group = (attributes: unknown) => ({ zarr_format: 3, node_type: "group", attributes });
const image = (multiscale = {}, ome = {}, level = {}) => ({
  "zarr.json": group({
    ome: {
      version: "0.5",
      multiscales: [{ axes: AXES, datasets: DATASETS, ...multiscale }],
      ...ome,
    },
  }),
  "0/zarr.json": { ...V3, ...level },
  "0/c/0/0/0": CHUNK,
});
const v2Image = (attributes: unknown) => ({
  ".zgroup": { zarr_format: 2 },
  ".zattrs": attributes,
  "0/.zarray": V2,
  "0/0.0.0": CHUNK,
});
const sharded = (configuration = {}, more = {}) => ({
  codecs: [
    {
      name: "sharding_indexed",
      configuration: {
        chunk_shape: [1, 3, 4],
        codecs: [{ name: "bytes" }],
        index_codecs: [{ name: "bytes", configuration: { endian: "little" } }, { name: "crc32c" }],
        ...configuration,
      },
    },
  ],
  ...more,
});

describe("the size of voxels", () => {
  it.each([
    ["angstrom", 1e-4],
    ["nanometer", 1e-3],
    ["micrometer", 1],
    ["micrometre", 1],
    ["µm", 1],
    ["millimeter", 1e3],
    ["centimeter", 1e4],
    ["inch", 25400],
    ["foot", 304800],
    ["meter", 1e6],
    ["megameter", 1e12],
    ["furlong", undefined],
    ["yard", 914_400],
    ["gigameter", 1e15],
    ["pixel", undefined],
    ["second", undefined],
    [undefined, undefined],
  ])("in %s is taken as %s µm", async (unit, factor) => {
    const source = await open(
      await write(image({ axes: AXES.map((axis) => ({ ...axis, unit })) })),
    );
    expect(source.voxelSizeUm).toEqual(
      factor === undefined ? undefined : [3, 2, 1].map((s) => Number((s * factor).toPrecision(12))),
    );
    expect(source.origin).toMatchObject({ scale: [3, 2, 1], unitKnown: factor !== undefined });
  });

  it("is that of the data set times that of the multiscale, and so the translation", async () => {
    const transformations = [scale(3, 2, 1), { type: "translation", translation: [1, 2, 3] }];
    const source = await open(
      await write(
        image({
          datasets: [{ path: "0", coordinateTransformations: transformations }],
          coordinateTransformations: [
            scale(10, 10, 0.5),
            { type: "translation", translation: [5, 0, 0] },
          ],
        }),
      ),
    );
    expect(source.voxelSizeUm).toEqual([30, 20, 0.5]);
    expect(source.origin["translationUm"]).toEqual([15, 20, 1.5]);
  });

  it("may be missing, in OME-Zarr before 0.4", async () => {
    const datasets = [{ path: "0" }];
    const strings = v2Image({ multiscales: [{ version: "0.3", axes: ["z", "y", "x"], datasets }] });
    const source = await open(await write(strings));
    expect(source.voxelSizeUm).toBeUndefined();
    expect((await collectVoxels(source)).equals(CHUNK)).toBe(true);
    const five = {
      ...v2Image({ multiscales: [{ version: "0.1", datasets }] }),
      "0/.zarray": { ...V2, shape: [1, 1, 2, 3, 4], chunks: [1, 1, 2, 3, 4] },
      "0/0.0.0.0.0": CHUNK,
    };
    expect((await collectVoxels(await open(await write(five)))).equals(CHUNK)).toBe(true);
  });

  it("keeps the window of viewers", async () => {
    const omero = { channels: [{ window: { min: 0, max: 255, start: 3, end: 200 } }] };
    expect((await open(await write(image({}, { omero })))).origin["window"]).toEqual([3, 200]);
  });
});

it("reads images inside a collection by their dataset", async () => {
  const files = image();
  const nested = {
    "zarr.json": group({ ome: { version: "0.5", "bioformats2raw.layout": 3 } }),
    "OME/zarr.json": group({}),
    ...Object.fromEntries(Object.entries(files).map(([name, file]) => [`1/${name}`, file])),
  };
  const root = await write(nested);
  for (const dataset of ["1", "1/0", "/1/0/"]) {
    const source = await open(root, dataset);
    expect(source.voxelSizeUm).toEqual([3, 2, 1]);
    expect(source.origin["dataset"]).toBe("1/0");
  }
  await expect(open(root)).rejects.toMatchObject({
    name: "UnsupportedFormat",
    message: `Z1: ${root} is a collection of images (bioformats2raw), not an image; name one as dataset: 1`,
  });
  await expect(open(root, "2")).rejects.toMatchObject({
    name: "NotFound",
    message: `Z1: there is no Zarr array or image ${root}/2; name one as dataset: 1`,
  });
});

it.each<[string, Record<string, unknown>, string, RegExp, string?]>([
  ["no JSON", { "zarr.json": "{" }, "CorruptData", /zarr\.json is no JSON/],
  ["no object", { "zarr.json": "[1]" }, "CorruptData", /zarr\.json is no JSON object/],
  [
    "an empty object",
    { "zarr.json": {} },
    "CorruptData",
    /says zarr_format undefined and node_type/,
  ],
  [
    "Zarr 4",
    { "zarr.json": { zarr_format: 4, node_type: "array" } },
    "CorruptData",
    /zarr_format 4/,
  ],
  [
    "no group of an image",
    { "zarr.json": group({}) },
    "UnsupportedFormat",
    /is a Zarr group, not an image$/,
  ],
  [
    "a plate",
    { "zarr.json": group({ ome: { plate: { wells: [{ path: "A/1" }, { path: "A/2" }] } } }) },
    "UnsupportedFormat",
    /is a plate of many images, not an image; name one as dataset: A\/1\/0, A\/2\/0$/,
  ],
  [
    "a well",
    {
      ".zgroup": { zarr_format: 2 },
      ".zattrs": { well: { images: [{ path: "0" }, { path: "1" }] } },
    },
    "UnsupportedFormat",
    /is a well of several images, not an image; name one as dataset: 0, 1$/,
  ],
  [
    "a group of labels",
    { "zarr.json": group({ ome: { labels: ["cells", "bones"] } }) },
    "UnsupportedFormat",
    /is a group of labels, not an image; name one as dataset: cells, bones$/,
  ],
  [
    "a later OME-Zarr",
    image({}, { version: "0.6" }),
    "UnsupportedFormat",
    /is OME-Zarr "0\.6", expected 0\.4 or 0\.5/,
  ],
  ["no datasets", image({ datasets: [] }), "CorruptData", /expected one with datasets/],
  [
    "multiscales that are none",
    v2Image({ multiscales: 3 }),
    "CorruptData",
    /has the multiscales 3/,
  ],
  [
    "a dataset above",
    image({ datasets: [{ path: "../0" }] }),
    "InvalidInput",
    /datasets\[0\]\.path is "\.\.\/0"/,
  ],
  [
    "a dataset far above",
    image({ datasets: [{ path: "0/../../../etc" }] }),
    "InvalidInput",
    /datasets\[0\]\.path/,
  ],
  [
    "an absolute dataset",
    image({ datasets: [{ path: "/etc" }] }),
    "InvalidInput",
    /datasets\[0\]\.path is "\/etc"/,
  ],
  [
    "a dataset without path",
    image({ datasets: [{}] }),
    "InvalidInput",
    /datasets\[0\]\.path is nothing/,
  ],
  [
    "a dataset that is not there",
    image({ datasets: [{ path: "7" }] }),
    "NotFound",
    /names 7 as level 0, but there is no array/,
  ],
  ["a dataset of the user above", image(), "InvalidInput", /^Z1: dataset is "\.\.\/\.\."/, "../.."],
  [
    "a dataset of the user that is not there",
    image(),
    "NotFound",
    /there is no Zarr array or image .*\/nope; name one as dataset: 0$/,
    "nope",
  ],
  [
    "levels in the wrong order",
    image({ datasets: [...DATASETS, { path: "1", coordinateTransformations: [scale(1, 1, 1)] }] }),
    "UnsupportedFormat",
    /lists "0" first, but "1" has smaller voxels; name one as dataset/,
  ],
  [
    "too few axes",
    image({ axes: AXES.slice(1) }),
    "CorruptData",
    /has 3 axes, shape \[2,3,4\], but its image says/,
  ],
  ["no axes", image({ axes: undefined }), "CorruptData", /but its image says nothing/],
  ["axes without names", image({ axes: [{}, {}, {}] }), "CorruptData", /has the axis \{\}/],
  [
    "axes backwards",
    image({ axes: [...AXES].reverse() }),
    "UnsupportedFormat",
    /axes of space x, y, z, expected z, y, x/,
  ],
  [
    "times",
    image({ axes: [{ name: "t", type: "time" }, ...AXES.slice(1)] }),
    "UnsupportedFormat",
    /has 2 entries along its axis t/,
  ],
  [
    "names of axes that contradict",
    image({}, {}, { dimension_names: ["x", "y", "z"] }),
    "CorruptData",
    /has the axes z, y, x by its image, but x, y, z by its own dimension_names/,
  ],
  [
    "a negative scale",
    image({ datasets: [{ path: "0", coordinateTransformations: [scale(3, -2, 1)] }] }),
    "CorruptData",
    /has the scale \[3,-2,1\], expected more than 0/,
  ],
  [
    "a scale of nothing",
    image({ datasets: [{ path: "0", coordinateTransformations: [scale(3, 0, 1)] }] }),
    "CorruptData",
    /the scale \[3,0,1\]/,
  ],
  [
    "a short scale",
    image({ datasets: [{ path: "0", coordinateTransformations: [scale(3, 1)] }] }),
    "CorruptData",
    /the scale \[3,1\], expected 3 numbers/,
  ],
  [
    "a rotation",
    image({ coordinateTransformations: [{ type: "rotation" }] }),
    "UnsupportedFormat",
    /the transformation \{"type":"rotation"\}/,
  ],
  ["a shape of text", array({ shape: "big" }), "CorruptData", /has the shape "big"/],
  ["a shape with nothing", array({ shape: [0, 3, 4] }), "CorruptData", /has the shape \[0,3,4\]/],
  [
    "a shape without end",
    array({ shape: [2 ** 52, 1, 1] }),
    "InvalidInput",
    /expected up to 1048576 per axis/,
  ],
  [
    "a plane too large",
    array({ shape: [2, 2 ** 20, 2 ** 20] }),
    "InvalidInput",
    /a slice of 1048576x1048576/,
  ],
  [
    "chunks of another rank",
    array({ chunk_grid: { name: "regular", configuration: { chunk_shape: [2, 3] } } }),
    "CorruptData",
    /but chunks of \[2,3\]/,
  ],
  [
    "chunks of nothing",
    array({ chunk_grid: { name: "regular", configuration: { chunk_shape: [2, 0, 4] } } }),
    "CorruptData",
    /the chunk shape \[2,0,4\]/,
  ],
  [
    "giant chunks",
    array({ chunk_grid: { name: "regular", configuration: { chunk_shape: [2, 65536, 65536] } } }),
    "Capacity",
    /chunks of \[2,65536,65536\] uint8, 8589934592 bytes each/,
  ],
  [
    "chunks that cross too many large planes",
    array({
      shape: [65536, 30000, 30000],
      chunk_grid: { name: "regular", configuration: { chunk_shape: [65536, 16, 16] } },
    }),
    "Capacity",
    /58982400000000 bytes for one row of chunks.*with chunks of up to 1 planes|1 GiB/,
  ],
  [
    "an irregular grid",
    array({ chunk_grid: { name: "rectilinear" } }),
    "UnsupportedFormat",
    /chunk grid "rectilinear", expected regular/,
  ],
  [
    "strange keys",
    array({ chunk_key_encoding: { name: "fancy" } }),
    "UnsupportedFormat",
    /chunk keys "fancy"/,
  ],
  [
    "a strange separator",
    array({ chunk_key_encoding: { name: "default", configuration: { separator: "../" } } }),
    "CorruptData",
    /separates .* by "\.\.\/"/,
  ],
  [
    "a transformer",
    array({ storage_transformers: [{ name: "x" }] }),
    "UnsupportedFormat",
    /storage transformers/,
  ],
  ["no codecs", array({ codecs: undefined }), "CorruptData", /has the codecs nothing/],
  [
    "an unknown codec",
    array({ codecs: [{ name: "bytes" }, { name: "jpeg2k" }] }),
    "UnsupportedFormat",
    /stored with the codec jpeg2k; bytes, /,
  ],
  [
    "an unknown codec of a shard",
    array(sharded({ codecs: [{ name: "pcodec" }] })),
    "UnsupportedFormat",
    /the codec pcodec/,
  ],
  [
    "shards in shards",
    array(sharded({ codecs: sharded().codecs })),
    "UnsupportedFormat",
    /the codec sharding_indexed/,
  ],
  [
    "codecs around shards",
    array({
      codecs: [{ name: "transpose", configuration: { order: [2, 1, 0] } }, ...sharded().codecs],
    }),
    "UnsupportedFormat",
    /other codecs around its shards/,
  ],
  [
    "shards that do not fit",
    array(sharded({ chunk_shape: [1, 2, 4] })),
    "CorruptData",
    /shards of \[2,3,4\], no multiple of chunks of \[1,2,4\]/,
  ],
  [
    "an index in the middle",
    array(sharded({ index_location: "middle" })),
    "CorruptData",
    /its index at "middle"/,
  ],
  [
    "a shard of too many chunks",
    array(
      sharded(
        { chunk_shape: [1, 1, 1] },
        { chunk_grid: { name: "regular", configuration: { chunk_shape: [1024, 1024, 64] } } },
      ),
    ),
    "Capacity",
    /has 67108864 chunks in a shard/,
  ],
  [
    "a strange transposition",
    array({
      codecs: [{ name: "transpose", configuration: { order: [0, 0, 1] } }, { name: "bytes" }],
    }),
    "CorruptData",
    /transposed by \[0,0,1\]/,
  ],
  [
    "a strange byte order",
    array({ codecs: [{ name: "bytes", configuration: { endian: "middle" } }] }),
    "CorruptData",
    /byte order "middle"/,
  ],
  [
    "a fill value too large",
    array({ fill_value: 300 }),
    "CorruptData",
    /the fill value 300, which is no uint8/,
  ],
  ["no fill value", array({ fill_value: undefined }), "CorruptData", /the fill value nothing/],
  [
    "no chunks at all",
    { "zarr.json": V3 },
    "CorruptData",
    /has only 0 of its 1 chunks \(c\/0\/0\/0, …\)/,
  ],
  [
    "a type of objects",
    { ".zarray": { ...V2, dtype: "|O" }, "0.0.0": CHUNK },
    "UnsupportedFormat",
    /holds "\|O"/,
  ],
  [
    "a structure",
    { ".zarray": { ...V2, dtype: [["a", "<u2"]] }, "0.0.0": CHUNK },
    "UnsupportedFormat",
    /holds \[\["a","<u2"\]\]/,
  ],
  [
    "a strange order",
    { ".zarray": { ...V2, order: "K" }, "0.0.0": CHUNK },
    "CorruptData",
    /the order "K", expected C or F/,
  ],
  [
    "an unknown filter",
    { ".zarray": { ...V2, filters: [{ id: "quantize" }] }, "0.0.0": CHUNK },
    "UnsupportedFormat",
    /the codec quantize/,
  ],
  [
    "differences of another type",
    {
      ".zarray": { ...V2, filters: [{ id: "delta", dtype: "|u1", astype: "<i2" }] },
      "0.0.0": CHUNK,
    },
    "UnsupportedFormat",
    /stores differences as "<i2"/,
  ],
  [
    "a shuffle of another size",
    { ".zarray": { ...V2, filters: [{ id: "shuffle", elementsize: 4 }] }, "0.0.0": CHUNK },
    "UnsupportedFormat",
    /shuffles elements of 4 bytes, expected 1/,
  ],
  [
    "a chunk too short",
    array({}, { "c/0/0/0": CHUNK.subarray(1) }),
    "CorruptData",
    /chunk c\/0\/0\/0 \[0,0,0\] holds 23 voxels, expected 24/,
  ],
  [
    "a chunk too long",
    array({}, { "c/0/0/0": Buffer.concat([CHUNK, CHUNK]) }),
    "CorruptData",
    /holds 48 voxels, expected 24/,
  ],
  [
    "a gzip bomb",
    array(
      { codecs: [{ name: "bytes" }, { name: "gzip" }] },
      { "c/0/0/0": gzipSync(Buffer.alloc(200_000_000)) },
    ),
    "CorruptData",
    /chunk c\/0\/0\/0 \[0,0,0\] is damaged: Cannot create a Buffer larger than/,
  ],
  [
    "a zstd bomb behind a harmless frame",
    array(
      { codecs: [{ name: "bytes" }, { name: "zstd" }] },
      {
        "c/0/0/0": Buffer.concat([CHUNK, Buffer.alloc(10_000_000)].map((b) => zstd.encodeSync(b))),
      },
    ),
    "CorruptData",
    /chunk c\/0\/0\/0 \[0,0,0\] is damaged: holds up to 1\d{7} bytes/,
  ],
  [
    "a Blosc bomb",
    array(
      { codecs: [{ name: "bytes" }, { name: "blosc" }] },
      { "c/0/0/0": Buffer.from("0201210100000070000001001400000000000000", "hex") },
    ),
    "CorruptData",
    /is damaged: is a Blosc frame of 1879048192 bytes unpacked/,
  ],
])("says what is wrong with %s", async (_, files, name, message, dataset) => {
  const root = await write(files);
  const failure: unknown = await open(root, dataset)
    .then(collectVoxels)
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ name, message: expect.stringMatching(message) as string });
  expect((failure as Error).message).toMatch(/^Z1\b/);
});

it("reads a fill value that is written as the bits of a float", async () => {
  const shape = { shape: [4, 3, 4], data_type: "float32", fill_value: "0x3fc00000" };
  const codecs = [{ name: "bytes", configuration: { endian: "little" } }];
  const root = await write(array({ ...shape, codecs }, { "c/0/0/0": Buffer.alloc(96) }));
  const voxels = await collectVoxels(await open(root));
  expect([0, 95, 96, 188].map((at) => (at % 4 === 0 ? voxels.readFloatLE(at) : 0))).toEqual([
    0, 0, 1.5, 1.5,
  ]);
});

import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { openSource } from "../../../activities/sources/open-source.ts";
import type { SourceSpec } from "../../../activities/sources/source.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { collectVoxels } from "./collect-voxels.ts";
import { tiffBytes, type Tag } from "./tiff-bytes.ts";

const pixels = Uint8Array.from({ length: 12 }, (_, i) => i);
const tiff = (...change: Tag[]) => tiffBytes(pixels, 4, 3, { change });
const zeros = (n: number) => new Uint8Array(n);
const packed = (compression: number, bytes: Uint8Array, width = 4, height = 3) =>
  tiffBytes(bytes, width, height, {
    change: [
      [258, 3, [8]],
      [259, 3, [compression]],
    ],
  });

/** A tag table that points to itself. */
function circle(): Buffer {
  const bytes = tiff();
  bytes.writeUInt32LE(bytes.readUInt32LE(4), bytes.length - 4);
  return bytes;
}

/** Three strips, the list of which is said to be far beyond the end. */
function offsetsElsewhere(): Buffer {
  const bytes = tiff([273, 4, [8, 12, 16]], [278, 4, [1]], [279, 4, [4, 4, 4]]);
  const entry = bytes.indexOf(Buffer.from([17, 1, 4, 0, 3, 0, 0, 0]));
  bytes.writeUInt32LE(0x7fffffff, entry + 8);
  return bytes;
}

/** BigTIFF's header with a directory far beyond the file. */
function bigTiff(offset: bigint): Buffer {
  const bytes = Buffer.from([0x49, 0x49, 43, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  bytes.writeBigUInt64LE(offset, 8);
  return bytes;
}

const zstdBomb = () => {
  // 200 RLE blocks of 128 KiB in 800 bytes, without a content size.
  const blocks = Buffer.alloc(800);
  for (let i = 0; i < 200; i++)
    blocks.writeUIntLE((131072 << 3) | 2 | (i === 199 ? 1 : 0), 4 * i, 3);
  return packed(50000, Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x38]), blocks]));
};

const notFinite = (() => {
  const values = Float32Array.from({ length: 12 }, (_, i) => (i === 7 ? Infinity : i));
  return tiffBytes(new Uint8Array(values.buffer), 4, 3, { change: [[339, 3, [3]]] });
})();

const cases: readonly (readonly [what: string, bytes: Uint8Array, tag: string, message: RegExp])[] =
  [
    ["an empty file", zeros(0), "CorruptData", /is empty/],
    ["zeros", zeros(100), "CorruptData", /is no tif file: it begins with/],
    [
      "a header and no more",
      tiff().subarray(0, 6),
      "CorruptData",
      /no TIFF file|begins with|is truncated/,
    ],
    [
      "a directory beyond the end",
      Buffer.from("49492a00ffffff7f", "hex"),
      "CorruptData",
      /a directory needs bytes 2147483647–2147483649/,
    ],
    [
      "a 64-bit directory beyond the end",
      bigTiff(2n ** 62n),
      "CorruptData",
      /is truncated: a directory/,
    ],
    ["no directory", Buffer.from("49492a0000000000", "hex"), "CorruptData", /holds no image/],
    [
      "a directory that was cut",
      tiff().subarray(0, 60),
      "CorruptData",
      /is truncated: a directory/,
    ],
    ["directories in a circle", circle(), "CorruptData", /form a circle at byte 20/],
    [
      "pixels that were cut",
      tiff([273, 4, [140]]),
      "CorruptData",
      /slice 1 of 1 \(x\.tif\) is truncated: the image needs bytes 140–152 but the file has 134/,
    ],
    [
      "a huge image of few bytes",
      tiff([256, 4, [30000]], [257, 4, [30000]], [278, 4, [30000]]),
      "CorruptData",
      /30000x30000 uint8 need 900000000 bytes but 12 are stored/,
    ],
    [
      "an image of 2^64 pixels",
      tiff([256, 4, [2 ** 32 - 1]], [257, 4, [2 ** 32 - 1]]),
      "InvalidInput",
      /a slice of 4294967295x4294967295 uint8 takes/,
    ],
    [
      "a huge strip count",
      tiff([257, 4, [100_000_000]], [278, 4, [1]]),
      "CorruptData",
      /lists 1 offsets and 1 lengths, expected 100000000/,
    ],
    ["no width", tiff([256, 4, []]), "CorruptData", /0 wide and 3 high/],
    [
      "a tile of no height",
      tiff([322, 4, [16]], [323, 4, [0]], [324, 4, [8]], [325, 4, [12]]),
      "CorruptData",
      /strips are 16 wide and 0 high/,
    ],
    [
      "a list of offsets beyond the end",
      offsetsElsewhere(),
      "CorruptData",
      /slice 1 of 1 \(x\.tif\) is truncated: tag 273 needs bytes 2147483647–2147483659/,
    ],
    [
      "an unknown type of tag",
      tiff([256, 99, [4]]),
      "CorruptData",
      /tag 256 has the unknown type 99/,
    ],
    [
      "colour",
      tiff([277, 3, [3]]),
      "UnsupportedFormat",
      /3 samples per pixel \(colour\), expected 1/,
    ],
    ["12-bit pixels", tiff([258, 3, [12]]), "UnsupportedFormat", /12-bit unsigned pixels/],
    [
      "double precision",
      tiff([258, 3, [64]], [339, 3, [3]]),
      "UnsupportedFormat",
      /64-bit float pixels/,
    ],
    [
      "JPEG compression",
      tiff([259, 3, [7]]),
      "UnsupportedFormat",
      /compressed by method 7, expected one of none, LZW/,
    ],
    ["a strange predictor", tiff([259, 3, [8]], [317, 3, [9]]), "UnsupportedFormat", /predictor 9/],
    [
      "deflate of noise",
      packed(8, Buffer.from("noise noise!")),
      "CorruptData",
      /strip 1 cannot be decompressed \(deflate\)/,
    ],
    [
      "deflate that ends early",
      packed(8, deflateSync(zeros(5000)).subarray(0, 9)),
      "CorruptData",
      /cannot be decompressed|holds \d+ bytes/,
    ],
    [
      "deflate of too few pixels",
      packed(8, deflateSync(zeros(5))),
      "CorruptData",
      /strip 1 holds 5 bytes, expected 12/,
    ],
    [
      "a deflate bomb",
      packed(8, deflateSync(zeros(50_000_000))),
      "CorruptData",
      /cannot be decompressed \(deflate\)/,
    ],
    ["a zstd bomb", zstdBomb(), "CorruptData", /cannot be decompressed \(zstd\): holds up to/],
    [
      "zstd of noise",
      packed(50000, Buffer.from("noise noise!")),
      "CorruptData",
      /is no zstd frame/,
    ],
    [
      "LZW of noise",
      packed(5, Buffer.from("ffffffffffffffffffff", "hex")),
      "CorruptData",
      /LZW code 511/,
    ],
    [
      "PackBits that ends early",
      packed(32773, Buffer.from([5, 1, 2])),
      "CorruptData",
      /holds 2 bytes, expected 12/,
    ],
    [
      "infinity",
      notFinite,
      "CorruptData",
      /P05: slice 1 of 1 \(x\.tif\): 1 of 12 voxels are not finite, the first \(Infinity\) at y=1, x=3/,
    ],
  ];

const open = (source: string, folder: string, more: Partial<SourceSpec> = {}) =>
  openSource({ scan: "P05", source, ...more }, folder);

it.each(cases)("names the file when a TIFF file is %s", async (_, bytes, tag, message) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "x.tif"), bytes);
  const failure: unknown = await open("x.tif", folder)
    .then(collectVoxels)
    .catch((e: unknown) => e);
  expect(failure).toMatchObject({ name: tag, message: expect.stringMatching(message) as string });
  expect((failure as Error).message).toMatch(/^P05\b.*x\.tif/);
});

it.each([
  ["gone.tif", "NotFound", /P05: there is no \/.*\/gone\.tif/],
  ["gone/*.tif", "NotFound", /P05: no file matches gone\/\*\.tif/],
  ["empty", "NotFound", /P05: the folder \/.*\/empty is empty/],
  ["pictures", "NotFound", /holds no TIFF slices but 1 other files, such as a\.png/],
  ["**/*.tif", "InvalidInput", /slices lie in one folder/],
  ["*/s.tif", "InvalidInput", /matches in more than one folder/],
  ["two/*.nrrd", "InvalidInput", /2 files are only read as TIFF or raw slices/],
  ["pipe", "InvalidInput", /pipe is neither a file nor a folder/],
  ["/dev/zero", "InvalidInput", /\/dev\/zero is neither a file nor a folder/],
  ["a\0b", "InvalidInput", /NUL/],
  ["file://elsewhere/x.tif", "InvalidInput", /is no file URL/],
  ["s3://raw/x.tif", "UnsupportedFormat", /not read from s3:\/\/ yet; TIFF/],
  ["https://host/x.tif", "UnsupportedFormat", /not read from https:\/\/ yet/],
  ["x.h5", "UnsupportedFormat", /x\.h5\) is HDF5, which is not read; TIFF/],
  ["x.mha", "UnsupportedFormat", /x\.mha\) is MetaImage/],
  ["x.txt", "UnsupportedFormat", /x\.txt\) is in no format that is known/],
  ["z.zarr", "UnsupportedFormat", /z\.zarr is a Zarr group/],
  ["x.nii", "CorruptData", /x\.nii\) has no NIfTI header/],
  ["text.nii.gz", "CorruptData", /text\.nii\.gz\) has no NIfTI header/],
] as const)("says what is wrong with the source %j", async (source, tag, message) => {
  const folder = await temporaryFolder();
  for (const name of ["empty", "pictures", "z.zarr", "one", "two"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "pictures/a.png"), "\x89PNG");
  await writeFile(join(folder, "z.zarr/zarr.json"), "{}");
  await writeFile(join(folder, "one/s.tif"), tiff());
  await writeFile(join(folder, "two/s.tif"), tiff());
  await writeFile(join(folder, "two/a.nrrd"), "NRRD0004\n");
  await writeFile(join(folder, "two/b.nrrd"), "NRRD0004\n");
  await writeFile(join(folder, "x.h5"), Buffer.from("\x89HDF\r\n\x1a\n", "latin1"));
  await writeFile(join(folder, "x.mha"), "ObjectType = Image\n");
  await writeFile(join(folder, "x.txt"), "hello");
  await writeFile(join(folder, "x.nii"), zeros(400));
  await writeFile(join(folder, "text.nii.gz"), "hello, this is no compressed file");
  execFileSync("mkfifo", [join(folder, "pipe")]);
  await expect(open(source, folder)).rejects.toMatchObject({
    name: tag,
    message: expect.stringMatching(message) as string,
  });
});

it.each([
  [
    { shape: [3, 4, 5], dtype: "uint16" },
    /x\.raw has 60 bytes, expected 0 and a whole number of planes of 40/,
  ],
  [{ shape: [4, 4, 5], dtype: "uint8" }, /x\.raw hold 3 planes of 4x5 uint8, expected 4/],
  [{ shape: [3, 4, 5], dtype: "uint8", headerBytes: 1 }, /expected 1 and a whole number of planes/],
  [{ shape: [3, 0, 5], dtype: "uint8" }, /expected 1 or more voxels along z, y, x, got \[3,0,5\]/],
] as const)("compares a raw file with what is said of it: %j", async (raw, message) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "x.raw"), zeros(60));
  await expect(open("x.raw", folder, { raw })).rejects.toMatchObject({
    name: "InvalidInput",
    message: expect.stringMatching(message) as string,
  });
});

it("reads raw voxels of either byte order behind a header", async () => {
  const folder = await temporaryFolder();
  const values = Int16Array.from({ length: 24 }, (_, i) => 300 * i - 2000);
  const big = Buffer.from(values.buffer.slice(0)).swap16();
  await writeFile(join(folder, "x.raw"), Buffer.concat([Buffer.from("head"), big]));
  const raw = { shape: [2, 3, 4], dtype: "int16", endian: "big", headerBytes: 4 } as const;
  const source = await open("x.raw", folder, { raw });
  expect(Buffer.compare(await collectVoxels(source), Buffer.from(values.buffer))).toBe(0);
});

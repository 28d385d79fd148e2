import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openSource } from "../../../activities/sources/open-source.ts";
import type { SourceSpec } from "../../../activities/sources/source.ts";
import { sourceAffine } from "../../../activities/volumes/source-affine.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { collectVoxels } from "./collect-voxels.ts";

/** 3 planes of 2 rows of 4, the k-th voxel is 257·k + 1: both bytes differ from those of its neighbours. */
const VOXELS = Uint16Array.from({ length: 24 }, (_, k) => 257 * k + 1);
const little = Buffer.from(VOXELS.buffer);
const big = Buffer.from(little).swap16();

type Fields = Readonly<Record<string, string | undefined>>;

/** As SimpleITK writes it; `ElementDataFile` comes last. */
function header(fields: Fields = {}, data = "LOCAL"): string {
  const all: Fields = {
    ObjectType: "Image",
    NDims: "3",
    BinaryData: "True",
    BinaryDataByteOrderMSB: "False",
    CompressedData: "False",
    DimSize: "4 2 3",
    ElementType: "MET_USHORT",
    ...fields,
    ElementDataFile: data,
  };
  return Object.entries(all)
    .flatMap(([name, value]) => (value === undefined ? [] : `${name} = ${value}\n`))
    .join("");
}

async function open(
  files: Readonly<Record<string, string | Buffer>>,
  spec: Partial<SourceSpec> = {},
) {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "deep"));
  for (const [file, bytes] of Object.entries(files)) await writeFile(join(folder, file), bytes);
  return openSource({ scan: "P03", source: Object.keys(files)[0]!, ...spec }, folder);
}

const attached = (fields: Fields, data: Buffer) => ({
  "a.mha": Buffer.concat([Buffer.from(header(fields)), data]),
});

it.each([
  ["attached", attached({}, little), ["a.mha"]],
  ["attached, big-endian", attached({ BinaryDataByteOrderMSB: "True" }, big), ["a.mha"]],
  [
    "attached, big-endian by the other name",
    attached({ BinaryDataByteOrderMSB: undefined, ElementByteOrderMSB: "True" }, big),
    ["a.mha"],
  ],
  [
    "attached, zlib",
    attached({ CompressedData: "True", CompressedDataSize: "60" }, deflateSync(little)),
    ["a.mha"],
  ],
  [
    "attached, with the size of its header left open",
    attached({ HeaderSize: "-1" }, Buffer.concat([Buffer.from("rubbish"), little])),
    ["a.mha"],
  ],
  ["detached", { "a.mhd": header({}, "a.raw"), "a.raw": little }, ["a.mhd", "a.raw"]],
  [
    "with carriage returns",
    { "a.mhd": header({}, "a.raw").replaceAll("\n", "\r\n"), "a.raw": little },
    ["a.mhd", "a.raw"],
  ],
  [
    "detached, below the header, zlib",
    {
      "a.mhd": header({ CompressedData: "True" }, "deep/a.zraw"),
      "deep/a.zraw": deflateSync(little),
    },
    ["a.mhd", "a.zraw"],
  ],
  [
    "detached, behind a header of a given size",
    {
      "a.mhd": header({ HeaderSize: "3" }, "a.raw"),
      "a.raw": Buffer.concat([Buffer.from("abc"), little]),
    },
    ["a.mhd", "a.raw"],
  ],
  [
    "detached, at the end of its file",
    {
      "a.mhd": header({ HeaderSize: "-1" }, "a.raw"),
      "a.raw": Buffer.concat([Buffer.from("abcde"), little]),
    },
    ["a.mhd", "a.raw"],
  ],
  [
    "detached, a list",
    {
      "a.mhd": header({}, "LIST\nx\ny\nz\n"),
      x: little.subarray(0, 16),
      y: little.subarray(16, 32),
      z: little.subarray(32),
    },
    ["a.mhd", "x", "y", "z"],
  ],
  [
    "detached, a pattern",
    {
      "a.mhd": header({}, "s%03d.raw 8 12 2"),
      "s008.raw": little.subarray(0, 16),
      "s010.raw": little.subarray(16, 32),
      "s012.raw": little.subarray(32),
    },
    ["a.mhd", "s008.raw", "s010.raw", "s012.raw"],
  ],
] as [string, Record<string, string | Buffer>, string[]][])(
  "reads MetaImage: %s",
  async (_, files, names) => {
    const source = await open(files);
    expect(source).toMatchObject({ format: "metaimage", shape: [3, 2, 4], dtype: "uint16" });
    expect(source.files.map((file) => basename(file))).toEqual(names);
    expect(await collectVoxels(source)).toEqual(little);
  },
);

it.each([
  ["MET_UCHAR", "uint8", 1],
  ["MET_CHAR", "int8", 1],
  ["MET_SHORT", "int16", 2],
  ["MET_UINT", "uint32", 4],
  ["MET_INT", "int32", 4],
  ["MET_LONG", "int32", 4],
  ["MET_ULONG", "uint32", 4],
  ["MET_FLOAT", "float32", 4],
] as const)("takes %s for %s", async (type, dtype, bytes) => {
  const voxels = Buffer.from(Array.from({ length: 24 * bytes }, (_, i) => i));
  const source = await open(attached({ ElementType: type }, voxels));
  expect(source.dtype).toBe(dtype);
  expect(await collectVoxels(source)).toEqual(voxels);
});

describe("the size of voxels", () => {
  it.each([
    [{ ElementSpacing: "0.002 0.003 0.004" }, [4, 3, 2], false],
    [{ ElementSpacing: "2 3 4", DistanceUnits: "um" }, [4, 3, 2], true],
    [{ ElementSize: "0.001 0.001 0.005" }, [5, 1, 1], false],
    [{ ElementSpacing: "1 1 1" }, undefined, false],
    [{ ElementSpacing: "1 1 1", DistanceUnits: "mm" }, [1000, 1000, 1000], true],
    [{}, undefined, false],
  ])("of %j is %j", async (fields, size, unitKnown) => {
    const source = await open(attached(fields, little));
    expect(source.voxelSizeUm).toEqual(size);
    expect(source.origin["unitKnown"]).toBe(unitKnown);
  });

  it("may be wrong where the user says so", async () => {
    const files = attached({ ElementSpacing: "0 0 0" }, little);
    await expect(open(files)).rejects.toThrow(
      "a.mha) has ElementSpacing 0 0 0, expected three positive numbers",
    );
    const source = await open(files, { voxelSizeUm: [1, 1, 1], voxelSizeOverrides: true });
    expect(source.voxelSizeUm).toBeUndefined();
  });
});

it("places voxels where ITK places them", async () => {
  const fields = {
    TransformMatrix: "0 1 0 -1 0 0 0 0 1",
    Offset: "1 2 3",
    AnatomicalOrientation: "ALI",
    ElementSpacing: "0.5 0.6 0.7",
  };
  const { origin, voxelSizeUm } = await open(attached(fields, little));
  // The affine that nibabel 5.4 reads in the NIfTI file that SimpleITK 2.5 makes of such a file.
  const affine = [
    [0, 0.6, 0, -1],
    [-0.5, 0, 0, -2],
    [0, 0, 0.7, 3],
  ];
  sourceAffine(origin, voxelSizeUm!).forEach((row, r) =>
    row.forEach((value, c) => expect(value).toBeCloseTo(affine[r]![c]!, 9)),
  );
});

it.each([
  ["UnsupportedFormat", { ElementType: "MET_DOUBLE" }, "MET_DOUBLE, which float32 would round"],
  ["UnsupportedFormat", { ElementType: "MET_LONG_LONG" }, "voxels of type MET_LONG_LONG"],
  ["UnsupportedFormat", { ElementNumberOfChannels: "3" }, "has 3 channels, expected 1"],
  ["UnsupportedFormat", { ObjectType: "Mesh" }, "is a Mesh, expected an Image"],
  ["UnsupportedFormat", { BinaryData: "False" }, "holds its voxels as text"],
  ["UnsupportedFormat", { NDims: "2", DimSize: "4 6" }, "has 2 axes (4 6), expected 3"],
  ["UnsupportedFormat", { NDims: "4", DimSize: "4 2 1 3" }, "has 4 axes (4 2 1 3), expected 3"],
  [
    "UnsupportedFormat",
    { HeaderSize: "-1", CompressedData: "True" },
    "has HeaderSize -1 with compressed data",
  ],
  ["CorruptData", { DimSize: "4 2" }, "has DimSize 4 2 for NDims 3"],
  ["CorruptData", { DimSize: "4 -2 3" }, "has DimSize 4 -2 3 for NDims 3"],
  ["CorruptData", { DimSize: "4 2 4" }, "is truncated: [4,2,4] voxels of uint16 need 64 bytes"],
  ["CorruptData", { DimSize: "40 20 30000000" }, "is truncated"],
  ["CorruptData", { HeaderSize: "-1", DimSize: "4 2 4" }, "expected 64 bytes in each"],
  [
    "CorruptData",
    { ElementSpacing: "1 -1 1" },
    "has ElementSpacing 1 -1 1, expected three positive numbers",
  ],
  ["CorruptData", { CompressedData: "True" }, "is truncated or damaged"],
] as const)("refuses with %s: %j", async (name, fields, text) => {
  const error = await open(attached(fields, little))
    .then(collectVoxels)
    .catch((thrown: unknown) => thrown as Error);
  expect(error).toMatchObject({ name });
  expect((error as Error).message).toContain(text);
  expect((error as Error).message).toMatch(/P03 \(a\.mha\)/);
});

it.each([
  ["../secret.raw", "InvalidInput", "has its data in ../secret.raw, outside its own folder"],
  ["/etc/hostname", "InvalidInput", "has its data in /etc/hostname, outside its own folder"],
  ["deep/../../x.raw", "InvalidInput", "outside its own folder"],
  ["LIST\na.raw\n../b.raw\nc.raw", "InvalidInput", "has its data in ../b.raw"],
  ["LIST", "CorruptData", "lists no data files"],
  ["LIST\na.raw\nb.raw", "UnsupportedFormat", "has 3 planes in 2 files"],
  ["s%d.raw 5 1 1", "CorruptData", "numbers its data files 5 to 1 by 1"],
  ["s%d.raw 1 1000000000 1", "CorruptData", "numbers its data files"],
  ["gone.raw", "NotFound", "gone.raw"],
  ["LIST\na.raw\na.raw\na.raw", "CorruptData", "lists 3 data files, one of them twice"],
])("refuses to read voxels from %j with %s", async (data, name, text) => {
  const error = await open({ "a.mhd": header({}, data), "a.raw": little }).catch(
    (thrown: unknown) => thrown as Error,
  );
  expect(error).toMatchObject({ name });
  expect((error as Error).message).toContain(text);
});

it.each(["", "NDims = 3\n", "\0\0\0\0", "no field at all\n", "x".repeat(5000)])(
  "finds no header in %j",
  async (text) => {
    await expect(open({ "a.mhd": text })).rejects.toMatchObject({ name: "CorruptData" });
  },
);

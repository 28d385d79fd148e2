import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { openSource } from "../../../activities/sources/open-source.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { collectVoxels } from "./collect-voxels.ts";

/** 3 planes of 2 rows of 4, the k-th voxel is 257·k: both bytes differ from those of its neighbours. */
const VOXELS = Uint16Array.from({ length: 24 }, (_, k) => 257 * k + 1);
const little = Buffer.from(VOXELS.buffer);
const big = Buffer.from(little).swap16();

const header = (...more: string[]) =>
  [
    "NRRD0004",
    "# a comment",
    "type: unsigned short",
    "dimension: 3",
    "sizes: 4 2 3",
    ...more,
    "",
    "",
  ].join("\n");

async function open(files: Readonly<Record<string, Buffer>>, name: string) {
  const folder = await temporaryFolder();
  for (const [file, bytes] of Object.entries(files)) await writeFile(join(folder, file), bytes);
  return openSource({ scan: "P03", source: name }, folder);
}

const attached = (text: string, data: Buffer) => ({
  "a.nrrd": Buffer.concat([Buffer.from(text), data]),
});

it.each([
  [
    "attached, raw, little-endian",
    attached(header("encoding: raw", "endian: little"), little),
    "a.nrrd",
  ],
  [
    "attached, gzip, big-endian",
    attached(header("endian: big", "encoding: gzip"), gzipSync(big)),
    "a.nrrd",
  ],
  [
    "detached, raw, with a byte skip",
    {
      "a.nhdr": Buffer.from(
        header("endian: big", "encoding: raw", "byte skip: 3", "data file: a.raw"),
      ),
      "a.raw": Buffer.concat([Buffer.from("abc"), big]),
    },
    "a.nhdr",
  ],
  [
    "detached, one file per slice by pattern",
    {
      "a.nhdr": Buffer.from(
        header("endian: little", "encoding: raw", "data file: s%03d.raw 8 10 1"),
      ),
      "s008.raw": little.subarray(0, 16),
      "s009.raw": little.subarray(16, 32),
      "s010.raw": little.subarray(32),
    },
    "a.nhdr",
  ],
  [
    "detached, a list of compressed files",
    {
      "a.nhdr": Buffer.from(
        header("endian: little", "encoding: gz", "data file: LIST").trimEnd() + "\nx.gz\ny.gz\n",
      ),
      "x.gz": gzipSync(little.subarray(0, 16)),
      "y.gz": gzipSync(little.subarray(16)),
    },
    "a.nhdr",
  ],
] as [string, Record<string, Buffer>, string][])("reads NRRD: %s", async (_, files, name) => {
  const source = await open(files, name);
  expect(source).toMatchObject({ format: "nrrd", shape: [3, 2, 4], dtype: "uint16" });
  expect(Buffer.compare(await collectVoxels(source), little)).toBe(0);
});

it.each([
  [
    ["space: left-posterior-superior", "space directions: (0,0.02,0) (0.03,0,0) (0,0,-0.05)"],
    [50, 30, 20],
  ],
  [
    [
      "space dimension: 3",
      "space directions: (3,4,0) (1,0,0) (0,0,2)",
      'space units: "um" "um" "um"',
    ],
    [2, 1, 5],
  ],
  [
    ["spacings: 0.2 0.3 0.4", 'units: "cm" "cm" "cm"'],
    [4000, 3000, 2000],
  ],
  [["spacings: 1 1 1"], undefined],
  [["spacings: nan 1 1"], undefined],
  [[], undefined],
])("takes the voxel size of %j for %j", async (fields, expected) => {
  const source = await open(
    attached(header("encoding: raw", "endian: little", ...fields), little),
    "a.nrrd",
  );
  expect(source.voxelSizeUm).toEqual(expected);
});

it.each([
  ["NRRD0009\ntype: uchar\n\n", "CorruptData", /is no NRRD file/],
  ["NRRD0004\nnonsense\n\n", "CorruptData", /the header line "nonsense"/],
  [
    header("endian: little", "encoding: bzip2"),
    "UnsupportedFormat",
    /encoded as bzip2, expected raw or gzip/,
  ],
  [
    header("endian: little").replace("unsigned short", "double"),
    "UnsupportedFormat",
    /type double/,
  ],
  [header("encoding: raw"), "CorruptData", /endian \(none\), expected little or big/],
  [
    header("encoding: raw", "endian: little").replace("4 2 3", "4 2"),
    "CorruptData",
    /sizes 4 2 for dimension 3/,
  ],
  [
    header("encoding: raw", "endian: little").replace("4 2 3", "4 -2 3"),
    "CorruptData",
    /sizes 4 -2 3/,
  ],
  [
    header("encoding: raw", "endian: little").replace(
      "dimension: 3\nsizes: 4 2 3",
      "dimension: 4\nsizes: 2 2 2 3",
    ),
    "UnsupportedFormat",
    /4 axes/,
  ],
  [
    header("encoding: raw", "endian: little").replace("4 2 3", "4 2 3000000"),
    "CorruptData",
    /is truncated/,
  ],
  [
    header("encoding: gzip", "endian: little").replace("4 2 3", "40000 20000 30000"),
    "CorruptData",
    /is truncated/,
  ],
  [
    header("encoding: raw", "endian: little", "data file: ../secret"),
    "InvalidInput",
    /outside its own folder/,
  ],
  [
    header("encoding: raw", "endian: little", "data file: /etc/passwd"),
    "InvalidInput",
    /outside its own folder/,
  ],
  [header("encoding: raw", "endian: little", "data file: gone.raw"), "NotFound", /gone\.raw/],
  [
    header("encoding: raw", "endian: little", "data file: s%d.raw 1 999999999 1"),
    "CorruptData",
    /numbers its data files/,
  ],
])("refuses the header %j", async (text, tag, message) => {
  await expect(open(attached(text, little), "a.nrrd")).rejects.toMatchObject({
    name: tag,
    message: expect.stringMatching(message) as string,
  });
});

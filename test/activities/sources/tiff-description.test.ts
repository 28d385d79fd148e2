import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openSource } from "../../../activities/sources/open-source.ts";
import type { SourceSpec } from "../../../activities/sources/source.ts";
import { makeNifti } from "../../fixtures/make/malformed/make-nifti.ts";
import { makeNrrdHeader } from "../../fixtures/make/malformed/make-nrrd.ts";
import { makeTiff, type TiffTag } from "../../fixtures/make/malformed/make-tiff.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { collectVoxels } from "./collect-voxels.ts";

async function open(name: string, bytes: Uint8Array | string, more: Partial<SourceSpec> = {}) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, name), bytes);
  return openSource({ scan: "P07", source: name, ...more }, folder);
}

const described = (text: string, ...tags: readonly TiffTag[]) =>
  makeTiff({ pages: 2, tags: [[270, 2, text], [282, 5, [2, 1]], [283, 5, [2, 1]], ...tags] });
const imagej = (...lines: readonly string[]) =>
  ["ImageJ=1.54f", "images=2", "slices=2", "unit=um", ...lines, ""].join("\n");
const ome = (attributes: string, inside = "") =>
  `<OME><Image><!-- <Pixels SizeZ="9"> --><Pixels Type='uint8' SizeX="4" SizeY = "3" SizeZ="2" SizeC="1" SizeT="1" ${attributes}>${inside}</Pixels></Image></OME>`;

it.each([
  ["the sign of ImageJ's spacing is dropped", imagej("spacing=-3.5"), [3.5, 0.5, 0.5]],
  ["ImageJ's without a spacing are cubes", imagej(), [0.5, 0.5, 0.5]],
  ["a unit that is a property of every object is none", "ImageJ=1\nunit=constructor\n", undefined],
  [
    "OME's attributes in either quotes, behind a comment",
    ome(`PhysicalSizeX="0.5" PhysicalSizeY='0.5' PhysicalSizeZ="2" PhysicalSizeZUnit="nm"`),
    [0.002, 0.5, 0.5],
  ],
  [
    "OME's pages in order",
    ome("", '<TiffData IFD="0" FirstZ="0"/><TiffData FirstZ="1" IFD="1"/>'),
    undefined,
  ],
])("%s", async (_, text, expected) => {
  const source = await open("x.tif", described(text));
  expect(source.shape).toEqual([2, 3, 4]);
  expect(source.voxelSizeUm).toEqual(expected);
});

it("reads grey values that ImageJ shows in the colours of a palette", async () => {
  const plain = await open("x.tif", described(imagej()));
  const coloured = await open("x.tif", described(imagej(), [262, 3, [3]]));
  expect(await collectVoxels(coloured)).toEqual(await collectVoxels(plain));
});

it.each([
  ["x.tif", described(imagej("spacing=0"))],
  ["x.nii", makeNifti({ spacingZ: 0 })],
  ["x.nrrd", `${makeNrrdHeader("sizes: 2 2 2", "spacings: 1 -1 1")}12345678`],
])("takes the user's voxels where %s says nonsense, when it is told to", async (name, bytes) => {
  await expect(open(name, bytes)).rejects.toMatchObject({ name: "CorruptData" });
  const more = { voxelSizeUm: [1, 2, 3], voxelSizeOverrides: true } as const;
  const source = await open(name, bytes, more);
  expect(source.voxelSizeUm?.every((um) => um > 0) ?? true).toBe(true);
  expect(await collectVoxels(source)).toHaveLength(source.shape.reduce((a, b) => a * b, 1));
});

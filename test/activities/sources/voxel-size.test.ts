import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openSource } from "../../../activities/sources/open-source.ts";
import { assumedAxes } from "../../../activities/sources/voxel-size/voxel-size-assumed.ts";
import { resolveVoxelSize } from "../../../activities/sources/voxel-size/voxel-size-resolve.ts";
import { micrometresPer } from "../../../activities/sources/voxel-size/voxel-size-units.ts";
import { describeIntensity } from "../../../activities/volumes/describe-intensity.ts";
import { describeOrientation } from "../../../activities/volumes/describe-orientation.ts";
import { niftiBytes } from "../../../activities/volumes/nifti-bytes.ts";
import { sourceAffine } from "../../../activities/volumes/source-affine.ts";
import type { JsonObject } from "../../../domain/volumes/ome-metadata.ts";
import type { Zyx } from "../../../domain/volumes/shape.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const source = (voxelSizeUm: Zyx | undefined, origin: JsonObject = {}) => ({
  voxelSizeUm,
  origin,
  files: ["/data/a01.nii"],
});
const spec = (voxelSizeUm?: Zyx, voxelSizeOverrides?: boolean) => ({
  scan: "A01",
  voxelSizeUm,
  voxelSizeOverrides,
});

describe("the size of voxels", () => {
  it("is the file's where the user says nothing", () => {
    expect(resolveVoxelSize(spec(), source([3, 2, 1]))).toEqual({
      voxelSizeUm: [3, 2, 1],
      from: "file",
      assumed: [],
    });
  });

  it("is the user's where the file says nothing, and one micrometre where nobody does", () => {
    expect(resolveVoxelSize(spec([3, 2, 1]), source(undefined))).toMatchObject({
      voxelSizeUm: [3, 2, 1],
      from: "user",
    });
    expect(resolveVoxelSize(spec(), source(undefined))).toEqual({
      voxelSizeUm: [1, 1, 1],
      from: "unknown",
      assumed: [],
    });
  });

  it("is an error that names both where they differ", () => {
    expect(() => resolveVoxelSize(spec([3, 2, 1]), source([3, 2, 1.01]))).toThrow(
      "A01: a01.nii has voxels of [3, 2, 1.01] µm along z, y, x, voxelSizeUm says [3, 2, 1]; leave voxelSizeUm out, or set voxelSizeOverrides if the file is wrong",
    );
  });

  it("forgives what a header rounds off", () => {
    const size = resolveVoxelSize(spec([3, 2, 1]), source([3.002, 1.999, 1.0009]));
    expect(size).toEqual({ voxelSizeUm: [3, 2, 1], from: "user", assumed: [] });
  });

  it("is the user's against the file where that is asked for, and what was overruled is kept", () => {
    expect(resolveVoxelSize(spec([3, 2, 1], true), source([9, 9, 9]))).toEqual({
      voxelSizeUm: [3, 2, 1],
      from: "user",
      assumed: [],
      overruledUm: [9, 9, 9],
    });
    expect(() => resolveVoxelSize(spec(undefined, true), source([9, 9, 9]))).toThrow(
      "A01: voxelSizeOverrides needs the size to take instead, in voxelSizeUm",
    );
  });

  it.each([
    [{ zAssumed: true }, [7, 2, 2], true],
    [{ zAssumed: true }, [7, 3, 2], false],
    [{ unitKnown: false }, [7, 3, 5], true],
    [{ unitKnown: true }, [7, 2, 2], false],
    [{ voxelSizeAssumed: ["y", "x"] }, [2, 9, 9], true],
    [{ voxelSizeAssumed: ["y", "x"] }, [3, 9, 9], false],
  ] as const)("with %j of [2, 2, 2] in the file, %j fits: %s", (origin, size, fits) => {
    const resolve = () => resolveVoxelSize(spec(size), source([2, 2, 2], origin));
    if (fits) expect(resolve().voxelSizeUm).toEqual(size);
    else expect(resolve).toThrow("voxelSizeUm says");
  });

  it("says which axes of the file are guesses where nobody says better", () => {
    expect(resolveVoxelSize(spec(), source([2, 2, 2], { zAssumed: true }))).toMatchObject({
      from: "file",
      assumed: ["z"],
    });
  });
});

it.each([
  ['space units: "um" "um" "um"', [4, 3, 2], []],
  ["space: left-posterior-superior", [4000, 3000, 2000], ["z", "y", "x"]],
])("a NRRD with %j tells a known unit from a guessed one", async (line, size, assumed) => {
  const folder = await temporaryFolder();
  const space = line.startsWith("space units") ? "space dimension: 3\n" : "";
  const text = `NRRD0004\ntype: uchar\ndimension: 3\n${space}${line}\nsizes: 1 1 1\nspace directions: (2,0,0) (0,3,0) (0,0,4)\nencoding: raw\n\n1`;
  await writeFile(join(folder, "a.nrrd"), text);
  const { voxelSizeUm, origin } = await openSource({ scan: "A01", source: "a.nrrd" }, folder);
  expect(voxelSizeUm).toEqual(size);
  expect(assumedAxes(origin)).toEqual(assumed);
});

it.each([
  ["mm", 1000],
  ["Millimeters", 1000],
  ["µm", 1],
  ["μm", 1],
  ["microns", 1],
  ["metre", 1e6],
  ["nm", 1e-3],
  ["Angstroms", 1e-4],
  ["", undefined],
  ["pixel", undefined],
  ["s", undefined],
])("one %j is %s µm", (unit, um) => {
  expect(micrometresPer(unit)).toBe(um);
});

describe("orientation", () => {
  const nrrd: JsonObject = {
    format: "nrrd",
    fields: {
      space: "left-posterior-superior",
      "space directions": "(0,2,0) (3,0,0) (0,0,4)",
      "space origin": "(10,20,30)",
    },
  };

  it("of a NRRD comes out as right, anterior, superior", () => {
    expect(describeOrientation(nrrd, [4000, 3000, 2000])).toEqual({
      affineMm: [
        [0, -3, 0, -10],
        [-2, 0, 0, -20],
        [0, 0, 4, 30],
      ],
      from: "nrrd",
    });
  });

  it("takes the size of voxels from what was resolved: one factor for all moves the origin too", () => {
    expect(sourceAffine(nrrd, [4, 3, 2])).toEqual([
      [0, -0.003, 0, -0.01],
      [-0.002, 0, 0, -0.02],
      [0, 0, 0.004, 0.03],
    ]);
  });

  it("stays where it is when only one axis is of another size", () => {
    expect(sourceAffine(nrrd, [8000, 3000, 2000])).toEqual([
      [0, -3, 0, -10],
      [-2, 0, 0, -20],
      [0, 0, 8, 30],
    ]);
  });

  it("is undefined where the header says nothing", () => {
    expect(describeOrientation({ format: "tiff" }, [1, 1, 1])).toBeUndefined();
    expect(describeOrientation({ format: "nrrd", fields: {} }, [1, 1, 1])).toBeUndefined();
    const broken = { format: "metaimage", fields: { ElementSpacing: "1 1 x" } };
    expect(describeOrientation(broken, [1, 1, 1])).toBeUndefined();
  });

  it("of a NIfTI is its sform", () => {
    const { header } = niftiBytes({
      shape: [1, 1, 1],
      dtype: "uint8",
      voxelSizeUm: [4000, 3000, 2000],
      origin: nrrd,
      placement: { scale: 1, shift: [0, 0, 0] },
      signal: undefined,
    });
    const origin = { format: "nifti", header: Buffer.from(header).toString("base64") };
    expect(describeOrientation(origin, [4000, 3000, 2000])).toEqual({
      affineMm: sourceAffine(nrrd, [4000, 3000, 2000]),
      from: "nifti",
    });
  });
});

it.each([
  [
    { format: "nifti", slope: 0.5, intercept: -100 },
    { slope: 0.5, intercept: -100 },
  ],
  [{ format: "nifti", slope: 1, intercept: 0 }, undefined],
  [{ format: "nifti", slope: 0, intercept: 7 }, undefined],
  [{ format: "nifti", slope: null, intercept: null }, undefined],
  [
    { format: "hdf5", intercept: 3 },
    { slope: 1, intercept: 3 },
  ],
  [
    { format: "hdf5", intensityUnit: "1/cm" },
    { slope: 1, intercept: 0, unit: "1/cm" },
  ],
  [
    { format: "nrrd", fields: { "sample units": '"HU"' } },
    { slope: 1, intercept: 0, unit: "HU" },
  ],
  [{ format: "tiff" }, undefined],
] as const)("the intensity of %j is %j", (origin, intensity) => {
  expect(describeIntensity(origin)).toEqual(intensity);
});

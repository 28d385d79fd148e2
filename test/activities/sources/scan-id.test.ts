import { expect, it } from "vitest";
import { scanIdOf } from "../../../activities/sources/scan-id.ts";
import { InvalidInput } from "../../../domain/errors.ts";

it.each([
  ["data/A01.nii.gz", "A01"],
  ["A01.ome.tif", "A01"],
  ["A01.ome.tiff", "A01"],
  ["/x/A01.TIF", "A01"],
  ["a.b.nrrd", "a.b"],
  ["tooth.nhdr", "tooth"],
  ["A01.v2", "A01.v2"],
  ["data/A01/", "A01"],
  ["data/A01", "A01"],
  ["data/A01/*.tif", "A01"],
  ["data/A01/s_[0-9]*.tif", "A01"],
  ["data/A01/./*.tif", "A01"],
  ["file:///data/A01.nii", "A01"],
  ["s3://raw/A02.nxs", "A02"],
  [`${"x".repeat(100)}.tif`, "x".repeat(100)],
])("calls %s %s", (source, id) => {
  expect(scanIdOf(source)).toBe(id);
});

it.each([
  "",
  "/",
  ".",
  "..",
  "data/..",
  "*.tif",
  ".nii.gz",
  ".hidden.tif",
  "fish 1.tif",
  "ä.tif",
  "x".repeat(101),
])("asks for an id where %j gives none", (source) => {
  expect(() => scanIdOf(source)).toThrow(InvalidInput);
  expect(() => scanIdOf(source)).toThrow(/give the scan an id/);
});

it.each(["file://elsewhere/A01.tif", "file:///data/A%2f01.tif"])(
  "says that %j is no file URL",
  (source) => {
    expect(() => scanIdOf(source)).toThrow(InvalidInput);
    expect(() => scanIdOf(source)).toThrow(/is no file URL/);
  },
);

import { expect, it } from "vitest";
import { arrayMetadata, defaultChunk } from "../../../domain/volumes/array-metadata.ts";

it("chunks by 64, less along short axes and flatter in scans whose slices are large", () => {
  expect(defaultChunk([500, 600, 700], "uint16")).toEqual([64, 64, 64]);
  expect(defaultChunk([5, 600, 7], "uint8")).toEqual([5, 64, 7]);
  // 2900 x 2900 x 2 bytes: 16.8 MB a slice, 16 of which make 269 MB.
  expect(defaultChunk([2900, 2900, 2900], "uint16")).toEqual([16, 64, 64]);
  expect(defaultChunk([9, 40_000, 40_000], "float32")).toEqual([8, 64, 64]);
});

it("names width and shuffling of the voxels as they are", () => {
  const codec = (dtype: "uint8" | "float32") =>
    (arrayMetadata([1, 1, 1], dtype, [1, 1, 1])["codecs"] as unknown[])[1];
  expect(codec("uint8")).toMatchObject({ configuration: { typesize: 1, shuffle: "noshuffle" } });
  expect(codec("float32")).toMatchObject({ configuration: { typesize: 4, shuffle: "shuffle" } });
});

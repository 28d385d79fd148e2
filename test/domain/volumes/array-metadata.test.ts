import { expect, it } from "vitest";
import { arrayLayout, arrayMetadata } from "../../../domain/volumes/array-metadata.ts";

it("chunks by 64, less along short axes", () => {
  expect(arrayLayout([500, 600, 700], "uint16").chunk).toEqual([64, 64, 64]);
  expect(arrayLayout([5, 600, 7], "uint8").chunk).toEqual([5, 64, 7]);
});

it("chunks flatter and wider where a row of 64 slices would not fit 512 MiB", () => {
  expect(arrayLayout([2048, 2048, 2048], "uint16").chunk).toEqual([64, 64, 64]);
  // 2900 x 2900 x 2 bytes: 16.8 MB a slice, 32 of which make 538 MB, more than 512 MiB.
  expect(arrayLayout([2900, 2900, 2900], "uint16").chunk).toEqual([16, 128, 128]);
  expect(arrayLayout([9, 40_000, 40_000], "float32").chunk).toEqual([8, 128, 128]);
});

it("shards by whole chunks, at most 512 voxels wide, all but the last equal", () => {
  expect(arrayLayout([500, 512, 1024], "uint16").shard).toEqual([64, 512, 512]);
  // 18 chunks in three shards of 6, not in 8, 8 and 2.
  expect(arrayLayout([500, 1100, 64], "uint16").shard).toEqual([64, 384, 64]);
  expect(arrayLayout([3, 5, 7], "int32")).toEqual({ chunk: [3, 5, 7], shard: [3, 5, 7] });
  expect(arrayLayout([3000, 3000, 3000], "uint16").shard).toEqual([16, 512, 512]);
});

it("names width and shuffling of the voxels as they are", () => {
  const layout = arrayLayout([1, 1, 1], "uint8");
  const codec = (dtype: "uint8" | "float32") => arrayMetadata([1, 1, 1], dtype, layout)["codecs"];
  const blosc = (typesize: number, shuffle: string) => [
    {
      name: "sharding_indexed",
      configuration: {
        codecs: [{ name: "bytes" }, { name: "blosc", configuration: { typesize, shuffle } }],
      },
    },
  ];
  expect(codec("uint8")).toMatchObject(blosc(1, "noshuffle"));
  expect(codec("float32")).toMatchObject(blosc(4, "shuffle"));
});

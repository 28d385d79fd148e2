import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { collectVoxels } from "./collect-voxels.ts";
import { openHdf5File } from "./hdf5-files.ts";

/** Written by hdf5plugin: test/fixtures/make/make-hdf5-filters.py. */
const FOLDER = fileURLToPath(new URL("../../fixtures/hdf5", import.meta.url));

const VOXELS = Buffer.from(Uint16Array.from({ length: 480 }, (_, k) => 131 * k + 7).buffer);

it.each([
  ["blosc", "blosc"],
  ["blosc2", "blosc2"],
  ["bitshuffle-lz4", "bitshuffle"],
  ["bitshuffle-zstd", "bitshuffle"],
  ["lz4", "lz4"],
  ["zstd", "zstd"],
  ["bzip2", "bzip2"],
  ["lzf", "lzf"],
])("reads HDF5 compressed with %s", async (name, filter) => {
  const source = await openHdf5File(FOLDER, `${name}.h5`);
  expect(source).toMatchObject({ shape: [6, 10, 8], origin: { filters: [filter] } });
  expect(await collectVoxels(source)).toEqual(VOXELS);
});

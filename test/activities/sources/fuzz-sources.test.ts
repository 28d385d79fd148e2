import { describe, expect, it } from "vitest";
import { MEMORY_LIMIT } from "../../fixtures/make/malformed/create-reader.ts";
import { checkSeeds, fuzz } from "../../fixtures/make/malformed/fuzz.ts";
import { SEEDS } from "../../fixtures/make/malformed/seeds.ts";

/** How often each reader is tried here; `test/long/` does it a hundred times as often. */
const COUNTS: Readonly<Record<string, number>> = {
  TIFF: 600,
  "TIFF slices": 120,
  NIfTI: 400,
  NRRD: 400,
  raw: 100,
  MetaImage: 250,
  // A thread with the library starts for every file.
  HDF5: 8,
  "OME-Zarr": 250,
};

describe.each(Object.entries(SEEDS))("the reader of %s", (label, seeds) => {
  it("reads the scans that are about to be damaged", async () => {
    expect(await checkSeeds(seeds)).toEqual([]);
  });

  it("refuses damaged scans or reads them as they describe themselves, and does nothing else", async () => {
    const count = COUNTS[label]!;
    const { failures, refused, read, grown } = await fuzz(seeds, label, 11, count);
    expect(failures).toEqual([]);
    expect(refused + read).toBe(count);
    expect(refused).toBeGreaterThan(count / 10);
    expect(grown).toBeLessThan(MEMORY_LIMIT);
  });
});

import { describe, expect, it } from "vitest";
import { fuzz } from "../fixtures/make/malformed/fuzz.ts";
import { SEEDS } from "../fixtures/make/malformed/seeds.ts";

/**
 * `MICROTOME_FUZZ_SEED=7 MICROTOME_FUZZ_COUNT=100000 npm run test:long -- test/long/fuzz-sources.test.ts`.
 * A scan that fails is kept in the temporary folder, and its path is printed.
 */
const seed = Number(process.env["MICROTOME_FUZZ_SEED"] ?? 1);
const count = Number(process.env["MICROTOME_FUZZ_COUNT"] ?? 10_000);

/** A thread with the library starts for every HDF5 file. */
const SLOWER: Readonly<Record<string, number>> = { HDF5: 40 };

describe.each(Object.entries(SEEDS))("the reader of %s", (label, seeds) => {
  it("never crashes, hangs, swells or contradicts itself over damaged scans", async () => {
    const tries = Math.ceil(count / (SLOWER[label] ?? 1));
    const { failures, refused, read, slowestMs, grown } = await fuzz(seeds, label, seed, tries);
    console.log(
      `${label}: seed ${seed}, ${refused} refused, ${read} read, slowest ${Math.round(slowestMs)} ms, memory +${Math.round(grown / 1e6)} MB`,
    );
    expect(failures).toEqual([]);
    expect(refused + read).toBe(tries);
  }, 3_600_000);
});

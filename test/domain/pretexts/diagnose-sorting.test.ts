import { describe, expect, it } from "vitest";
import { InvalidInput } from "../../../domain/errors.ts";
import { diagnoseSorting } from "../../../domain/pretexts/diagnose-sorting.ts";
import { drawDisplacement, drawSlices } from "../../../domain/pretexts/draw-displacement.ts";
import { warnShortcut } from "../../../domain/pretexts/warn-shortcut.ts";
import { createRandom } from "../../../domain/random.ts";
import { python } from "../../support/python.ts";

const random = createRandom(8, "scores");
const LENGTH = 128;
/** 46 % of the slices are empty, as on the hard set. */
const SPECIMEN = [31, 100] as const;
const inside = (slice: number) => slice >= SPECIMEN[0] && slice < SPECIMEN[1];
const scores = (of: (slice: number) => number) => Array.from({ length: LENGTH }, (_, i) => of(i));
const noise = () => scores(() => random.normal());
const eight = (of: (slice: number) => number, more = {}) =>
  Array.from({ length: 8 }, (_, n) => ({
    id: `scan-${n}`,
    scores: scores(of),
    specimen: SPECIMEN,
    ...more,
  }));

describe("diagnoseSorting", () => {
  it("tells a network that sorts the specimen from one that sorts the container", () => {
    const specimen = diagnoseSorting(
      eight((slice) => (inside(slice) ? slice : random.uniform(...SPECIMEN))),
      { seed: 1 },
    );
    expect(specimen.inside).toBe(0);
    expect(specimen.outside).toBeGreaterThan(3.7);
    expect(specimen.outside).toBeLessThan(4.3);
    expect(specimen.random).toBeCloseTo(143 / 36, 12);
    expect(warnShortcut(specimen)).toEqual([]);

    const container = diagnoseSorting(
      eight((slice) => (inside(slice) ? random.uniform(...SPECIMEN) : slice)),
      { seed: 1 },
    );
    expect(container.outside).toBe(0);
    expect(container.inside).toBeGreaterThan(3.7);
    expect(warnShortcut(container)).toEqual([
      expect.stringMatching(
        /^The order is told from the container: .* displacement 0\.00 there and [34]\.\d\d inside it, 3\.97 at random$/,
      ),
      expect.stringMatching(/^The order is too good .*: 46 % of the slices are empty/),
    ]);
  });

  it("has the floor of the hard set: a perfect sorter of specimen slices gets 3.1 (localization.md §8)", () => {
    const volumes = eight((slice) => slice).map((volume, n) => ({
      ...volume,
      specimen: [5 + 7 * n, 74 + 7 * n] as const, // 69 of 128 slices, anywhere
    }));
    const { floor, emptyShare, all } = diagnoseSorting(volumes, { seed: 2 });
    expect(emptyShare).toBeCloseTo(59 / 128, 12);
    expect(floor).toBeGreaterThan(3);
    expect(floor).toBeLessThan(3.3);
    expect(all).toBe(0);
  });

  it("measures what a simulation in numpy does, over all slices and at the ends", () => {
    const wobbly = scores((slice) => slice + 20 * random.normal());
    const expected = python<number[]>(
      `s = np.array(scores); g = np.random.default_rng(0)
rank = lambda v: np.argsort(np.argsort(v, kind="stable"))
def mean(slices):
    draws = [g.choice(slices, 12, False) for _ in range(20000)]
    return np.mean([np.abs(rank(s[j]) - rank(j)).mean() for j in draws])
i = np.arange(len(s))
out = [mean(i), mean(i[(i < lo) | (i >= hi)]), mean(i[(i >= lo) & (i < hi)])]`,
      { scores: wobbly, lo: SPECIMEN[0], hi: SPECIMEN[1] },
    );
    const found = diagnoseSorting([{ id: "a", scores: wobbly, specimen: SPECIMEN }], {
      seed: 3,
      draws: 5000,
    });
    // Standard error of 5000 draws with a standard deviation of about 0.4.
    expect(Math.abs(found.all - expected[0]!)).toBeLessThan(0.03);
    expect(Math.abs(found.outside! - expected[1]!)).toBeLessThan(0.03);
    expect(Math.abs(found.inside! - expected[2]!)).toBeLessThan(0.03);
  });

  it("needs no known specimen for the proxy: displacement with the annulus masked", () => {
    const known = { id: "a", scores: scores((slice) => slice) };
    const lost = diagnoseSorting([{ ...known, masked: noise() }], { seed: 4 });
    expect(lost.inside).toBeUndefined();
    expect(lost.floor).toBeUndefined();
    expect(lost.masked).toBeGreaterThan(3);
    expect(warnShortcut(lost)).toEqual([
      expect.stringMatching(
        /^The order is told from the rim of the slices: displacement 0\.00 becomes [34]\.\d\d/,
      ),
    ]);
    const kept = scores((slice) => slice + 6 * random.normal());
    expect(warnShortcut(diagnoseSorting([{ ...known, masked: kept }], { seed: 4 }))).toEqual([]);
  });

  it("does not accuse a network that learned nothing of having lost anything", () => {
    const nothing = diagnoseSorting([{ id: "a", scores: noise(), masked: noise() }], { seed: 5 });
    expect(warnShortcut(nothing)).toEqual([]);
  });

  it("warns when a trivial ordering is as good, by its name", () => {
    const ordered = scores((slice) => slice);
    const trivial = {
      area: Float64Array.from(ordered),
      mean: Float64Array.from(noise()),
      std: Float64Array.from(noise()),
      p99: Float64Array.from(noise()),
    };
    const wobbly = ordered.map((slice) => slice + 9 * random.normal());
    const found = diagnoseSorting([{ id: "a", scores: wobbly, trivial }], { seed: 6 });
    expect(found.trivial?.area).toBe(0);
    expect(found.trivial?.p99).toBeGreaterThan(3);
    expect(warnShortcut(found)).toEqual([
      expect.stringMatching(
        /by their area above a grey level gives displacement 0\.00, the network 0\.\d/,
      ),
    ]);
  });

  it("turns volumes that a flip-invariant network sorts the other way, and reports which", () => {
    const down = scores((slice) => -slice);
    const volumes = [
      { id: "up", scores: scores((slice) => slice), masked: scores((slice) => slice) },
      { id: "down", scores: down, masked: down, specimen: SPECIMEN },
    ];
    const strict = diagnoseSorting(volumes, { seed: 7 });
    expect(strict.volumes.map(({ all }) => all)).toEqual([0, 6]);
    expect(strict.volumes.map(({ directionFree }) => directionFree)).toEqual([0, 0]);
    expect(strict.volumes.map((volume) => volume.spearman)).toEqual([1, -1]);
    const free = diagnoseSorting(volumes, { seed: 7, flipInvariant: true });
    expect([free.all, free.inside, free.outside, free.masked]).toEqual([0, 0, 0, 0]);
  });

  it("is the same again for the same seed, is plain JSON, and compares what fits only", () => {
    const few = [110, 128] as const; // 18 slices of specimen
    const most = [4, 124] as const; // 8 slices without
    const volumes = [
      { id: "a", scores: noise(), specimen: few },
      { id: "b", scores: noise(), specimen: most },
    ];
    const once = diagnoseSorting(volumes, { seed: 8 });
    expect(diagnoseSorting(volumes, { seed: 8 })).toEqual(once);
    expect(diagnoseSorting(volumes, { seed: 9 }).all).not.toBe(once.all);
    expect(JSON.parse(JSON.stringify(once))).toEqual(once);
    expect(once.volumes[1]).not.toHaveProperty("outside");
    expect(once.outside).toBe(once.volumes[0]!.outside);
  });

  it("refuses what it cannot measure, naming the volume", () => {
    const short = { id: "m7", scores: [1, 2, 3] };
    expect(() => diagnoseSorting([short], { seed: 1 })).toThrow(/m7: .*12 slices, got 3/);
    const wide = { id: "m8", scores: noise(), specimen: [4, 200] as const };
    expect(() => diagnoseSorting([wide], { seed: 1 })).toThrow(/m8: .*128 slices, got \[4,200\]/);
    const odd = { id: "m9", scores: noise(), masked: [1] };
    expect(() => diagnoseSorting([odd], { seed: 1 })).toThrow(InvalidInput);
    expect(() => diagnoseSorting([], { seed: 1 })).toThrow(InvalidInput);
  });
});

it("draws different slices, every one as often", () => {
  const draws = drawSlices([3, 5, 8, 9], { k: 2, count: 6000 }, createRandom(1));
  const pairs = new Map<string, number>();
  for (const [a, b] of draws) pairs.set(`${a} ${b}`, (pairs.get(`${a} ${b}`) ?? 0) + 1);
  expect(pairs.size).toBe(12);
  for (const count of pairs.values()) expect(Math.abs(count - 500)).toBeLessThan(100);
  expect(drawSlices([1, 2], { k: 3, count: 9 }, createRandom(1))).toEqual([]);
  expect(drawDisplacement([1, 2, 3], [])).toBeUndefined();
});

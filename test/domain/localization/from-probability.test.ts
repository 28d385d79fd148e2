import { expect, it } from "vitest";
import { localizeFromProbability } from "../../../domain/localization/from-probability.ts";
import type { Grid, Mask } from "../../../domain/volumes/shape.ts";

const n = 32;
const place = { level: 0, shape0: [2 * n, 2 * n, 2 * n] } as const;

/** A probability that is `inside` in a cube of the view and `outside` beside it. */
function cube(lo: number, hi: number, inside: number, outside = 0.02): Grid<Float32Array> {
  const data = Float32Array.from({ length: n ** 3 }, (_, i) => {
    const at = [Math.floor(i / n ** 2), Math.floor(i / n) % n, i % n];
    return at.every((v) => v >= lo && v < hi) ? inside : outside;
  });
  return { shape: [n, n, n], data };
}

const valid: Mask = { shape: [n, n, n], data: new Uint8Array(n ** 3).fill(1) };
const view = { values: cube(0, 0, 0), valid, bin: 2 };

it("finds a specimen where the network is sure, within a voxel of the view", () => {
  const { box, clear } = localizeFromProbability(cube(8, 20, 1), view, place);
  expect(clear).toBe(true);
  for (const [lo, hi] of box!) {
    expect(Math.abs(lo - 16)).toBeLessThanOrEqual(2);
    expect(Math.abs(hi - 40)).toBeLessThanOrEqual(2);
  }
});

it("compares with the scan's own peak: a specimen that the network is less sure of is no smaller", () => {
  const sure = localizeFromProbability(cube(8, 20, 1), view, place);
  // Everything at 0.9 of it, background included, is the same box.
  const less = localizeFromProbability(cube(8, 20, 0.9, 0.018), view, place);
  expect(less.box).toEqual(sure.box);
});

it("finds nothing where nothing is probable", () => {
  const found = localizeFromProbability(cube(8, 20, 0.5), view, place);
  expect(found).toMatchObject({ box: undefined, clear: false });
  expect(localizeFromProbability(cube(0, 0, 0), view, place).box).toBeUndefined();
});

it("is not clear where less than 3 % of the view is probable", () => {
  const found = localizeFromProbability(cube(10, 16, 1), view, place);
  expect(found.box).toBeDefined();
  expect(found.clear).toBe(false);
});

it("looks at what is valid only", () => {
  const probable = cube(8, 20, 1);
  const half: Mask = { ...valid, data: valid.data.map((_, i) => +(i % n < 14)) };
  const { box } = localizeFromProbability(probable, { ...view, valid: half }, place);
  expect(box![2][1]).toBeLessThanOrEqual(30);
});

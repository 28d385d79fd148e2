import { expect, it } from "vitest";
import { localizeFromMaps } from "../../../domain/localization/from-map.ts";
import type { CertaintyMap, View } from "../../../domain/localization/view.ts";
import { createRandom } from "../../../domain/random.ts";

const n = 40;
const shape = [n, n, n] as const;
const view: View = {
  values: { shape, data: new Float32Array(n ** 3) },
  valid: { shape, data: new Uint8Array(n ** 3).fill(1) },
  bin: 2,
};
const place = { level: 1, shape0: [160, 160, 160] as const };
const windowRadius = 10;

/** Certainty of windows around a ball: high as soon as a third of a radius reaches into it. */
function ballMap(centre: readonly number[], radius: number, level = 0.6): CertaintyMap {
  const random = createRandom(1, "ball");
  const [offset, stride, g] = [1, 3, 13];
  const data = Float32Array.from({ length: g ** 3 }, (_, i) => {
    const at = [Math.floor(i / g ** 2), Math.floor(i / g) % g, i % g].map(
      (k) => offset + stride * k,
    );
    const r = Math.hypot(...at.map((v, axis) => v - centre[axis]!));
    const halo = radius + 0.3 * windowRadius;
    const high = 1 / (1 + Math.exp((r - halo) / 0.7));
    return 1 / 7 + (level - 1 / 7) * high + 0.01 * random.normal();
  });
  return { values: { shape: [g, g, g], data }, offset, stride };
}

it("takes the halo of the windows back and places the box at level 0", () => {
  const maps = [0, 1, 2].map(() => ballMap([20, 18, 22], 9));
  const { box, contrast } = localizeFromMaps(maps, view, place, { windowRadius });
  expect(contrast).toBeGreaterThan(2);
  // View voxels c - 9 .. c + 9 are 4 voxels wide at level 0.
  const truth = [20, 18, 22].map((c) => [4 * (c - 9), 4 * (c + 10)]);
  box!.forEach((side, axis) => {
    expect(Math.abs(side[0] - truth[axis]![0]!)).toBeLessThanOrEqual(8);
    expect(Math.abs(side[1] - truth[axis]![1]!)).toBeLessThanOrEqual(8);
  });
});

it("keeps a specimen that is thinner than the windows", () => {
  const maps = [0, 1, 2].map(() => ballMap([20, 20, 20], 1));
  const { box } = localizeFromMaps(maps, view, place, { windowRadius });
  expect(box).toBeDefined();
  expect(box![0][0]).toBeLessThanOrEqual(80);
  expect(box![0][1]).toBeGreaterThanOrEqual(80);
});

it("has no box for a map that is flat but for noise, and for a constant one", () => {
  const flat = ballMap([20, 20, 20], 9, 1 / 7);
  expect(localizeFromMaps([flat], view, place, { windowRadius }).box).toBeUndefined();
  const constant: CertaintyMap = {
    ...flat,
    values: { ...flat.values, data: new Float32Array(13 ** 3).fill(1 / 7) },
  };
  expect(localizeFromMaps([constant], view, place, { windowRadius }).box).toBeUndefined();
});

it("does not let certainty where nothing is valid move the box", () => {
  const data = new Uint8Array(n ** 3).fill(1);
  data.fill(0, 30 * n * n); // the last ten slices
  const masked = { ...view, valid: { shape, data } };
  const maps = [ballMap([20, 18, 22], 9), ballMap([40, 20, 20], 12, 0.9)];
  const { box } = localizeFromMaps(maps, masked, place, { windowRadius });
  expect(box![0][1]).toBeLessThanOrEqual(120);
});

it("refuses no maps at all", () => {
  expect(() => localizeFromMaps([], view, place, { windowRadius })).toThrow("got none");
});

import { expect, it } from "vitest";
import {
  INSIDE,
  OUTSIDE,
  pseudoLabels,
  UNKNOWN,
} from "../../../../domain/localization/refine/pseudo-labels.ts";
import type { CertaintyMap, View } from "../../../../domain/localization/view.ts";

const n = 40;
const shape = [n, n, n] as const;
const windowRadius = 10;

function viewOf(valid = new Uint8Array(n ** 3).fill(1)): View {
  return {
    values: { shape, data: new Float32Array(n ** 3) },
    valid: { shape, data: valid },
    bin: 2,
  };
}

/** A map at every voxel: high within `radius` of the middle, lower in a shell, lowest elsewhere. */
function ball(radius: number, high = 0.6): CertaintyMap {
  const data = Float32Array.from({ length: n ** 3 }, (_, i) => {
    const r = radiusAt(i);
    return r <= radius ? high : r <= radius + 4 ? 0.35 : 0.15;
  });
  return { values: { shape, data }, offset: 0, stride: 1 };
}

function radiusAt(i: number): number {
  const at = [Math.floor(i / n ** 2), Math.floor(i / n) % n, i % n];
  return Math.hypot(...at.map((v) => v - (n - 1) / 2));
}

it("is sure of specimen deep inside the map's upper class, and of background well outside", () => {
  const { data } = pseudoLabels([ball(12)], viewOf(), windowRadius)!;
  data.forEach((label, i) => {
    const r = radiusAt(i);
    // 0.35 radii deep: 12 - 3.5; grown by 0.2 from 0.3 deep: 12 - 3 + 2. A voxel's half diagonal is free.
    if (r < 8.5 - 0.9) expect(label).toBe(INSIDE);
    else if (r > 8.5 + 0.9 && r < 11 - 0.9) expect(label).toBe(UNKNOWN);
    else if (r > 11 + 0.9) expect(label).toBe(OUTSIDE);
  });
});

it("keeps a specimen that is thinner than what is taken back", () => {
  const { data } = pseudoLabels([ball(3)], viewOf(), windowRadius)!;
  expect(data.some((label) => label === INSIDE)).toBe(true);
  expect(data.every((label, i) => label !== INSIDE || radiusAt(i) <= 3)).toBe(true);
});

it("takes what is not valid for background, and the largest of two pieces for the specimen", () => {
  const valid = new Uint8Array(n ** 3).fill(1);
  for (let i = 0; i < n ** 3; i++) if (i % n < 4) valid[i] = 0;
  const map = ball(11);
  const data = map.values.data;
  // A second, smaller piece in a corner.
  for (let z = 0; z < 6; z++) {
    for (let y = 0; y < 6; y++) for (let x = 34; x < 40; x++) data[(z * n + y) * n + x] = 0.6;
  }
  const labels = pseudoLabels([map], viewOf(valid), windowRadius)!.data;
  for (let i = 0; i < n ** 3; i++) if (valid[i] === 0) expect(labels[i]).toBe(OUTSIDE);
  expect(labels[(2 * n + 2) * n + 37]).toBe(OUTSIDE);
});

it("says nothing of a map of one value", () => {
  const flat = { ...ball(5), values: { shape, data: new Float32Array(n ** 3).fill(1 / 7) } };
  expect(pseudoLabels([flat], viewOf(), windowRadius)).toBeUndefined();
});

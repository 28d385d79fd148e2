import { describe, expect, it } from "vitest";
import { blend } from "../../../domain/phantoms/blend.ts";
import { ellipsoidDepth, ellipsoidSkin } from "../../../domain/phantoms/ellipsoid.ts";
import { rodSkin, seeRod } from "../../../domain/phantoms/rod.ts";
import { createRandom } from "../../../domain/random.ts";

describe("an ellipsoid", () => {
  const ellipsoid = { centre: [1, -2, 3], radii: [4, 3, 2] } as const;

  it("has its skin at depth 0", () => {
    for (const point of ellipsoidSkin(ellipsoid)) {
      expect(ellipsoidDepth(ellipsoid, point)).toBeCloseTo(0, 12);
    }
  });

  it("knows the distance near its surface to first order, and a ball's everywhere", () => {
    for (const [i, point] of ellipsoidSkin(ellipsoid).entries()) {
      const normal = point.map((c, k) => (c - ellipsoid.centre[k]!) / ellipsoid.radii[k]! ** 2);
      const length = Math.hypot(...normal);
      const by = i % 2 === 0 ? 0.1 : -0.1;
      const moved = point.map((c, k) => c - (by * normal[k]!) / length);
      const depth = ellipsoidDepth(ellipsoid, [moved[0]!, moved[1]!, moved[2]!]);
      expect(Math.abs(depth - by)).toBeLessThan(0.01);
    }
    const ball = { centre: [0, 0, 0], radii: [5, 5, 5] } as const;
    expect(ellipsoidDepth(ball, [1, 2, 2])).toBeCloseTo(2, 12);
    expect(ellipsoidDepth(ball, [0, 0, 0])).toBe(5);
  });
});

describe("a rod", () => {
  const rod = { from: [0, 0, 0], to: [10, 0, 0], radii: [2, 1] } as const;

  it("tapers from one end to the other, and ends round", () => {
    expect(seeRod(rod, [0, 0, 0]).depth).toBe(2);
    expect(seeRod(rod, [10, 0, 0.25]).depth).toBeCloseTo(0.75, 12);
    expect(seeRod(rod, [5, 1, 0])).toEqual({ depth: 0.5, at: 0.5, off: 1 });
    expect(seeRod(rod, [-3, 0, 0]).depth).toBe(-1);
    expect(seeRod(rod, [13, 4, 0]).depth).toBeCloseTo(-4, 12);
  });

  it("has no skin outside", () => {
    for (const point of rodSkin(rod)) expect(seeRod(rod, point).depth).toBeGreaterThan(-1e-9);
  });
});

it("blends two depths: no less than the deeper, at most a quarter of the width more", () => {
  const random = createRandom(1, "blend");
  for (let i = 0; i < 1000; i++) {
    const [a, b] = [random.uniform(-1, 1), random.uniform(-1, 1)];
    const both = blend(a, b, 0.2);
    expect(both).toBeGreaterThanOrEqual(Math.max(a, b));
    expect(both).toBeLessThanOrEqual(Math.max(a, b) + 0.05);
    expect(blend(b, a, 0.2)).toBe(both);
    if (Math.abs(a - b) > 0.2) expect(both).toBe(Math.max(a, b));
  }
  expect(blend(0.3, 0.3, 0.2)).toBeCloseTo(0.35, 12);
});

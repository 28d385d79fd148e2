import { expect, it } from "vitest";
import { bedDepth } from "../../../domain/phantoms/bed.ts";

const BED = { radius: 20, thickness: 4, azimuth: 3, halfAngle: 1.2, mu: 1 };

const at = (angle: number, radius: number) =>
  bedDepth(BED, radius * Math.sin(angle), radius * Math.cos(angle));

it("is a shell of its thickness over its angle, across the jump of the angle at π too", () => {
  expect(at(3, 18)).toBeCloseTo(2, 12);
  expect(at(3, 19.5)).toBeCloseTo(0.5, 12);
  expect(at(3, 21)).toBeCloseTo(-1, 12);
  expect(at(3, 15)).toBeCloseTo(-1, 12);
  expect(at(-2.9, 18)).toBeCloseTo(2, 10);
  expect(at(3 + 1.15, 18)).toBeCloseTo(0.05 * 18, 10);
  expect(at(3 - 1.25, 18)).toBeCloseTo(-0.05 * 18, 10);
  expect(at(0, 18)).toBeLessThan(0);
});

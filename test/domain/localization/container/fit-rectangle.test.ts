import { expect, it } from "vitest";
import { fitRectangle } from "../../../../domain/localization/container/fit-rectangle.ts";
import { createRandom } from "../../../../domain/random.ts";

const SIDE = 90;

/** Drawn by polygon and discs, not by the gauge that the fit uses. */
function draw(halfU: number, halfV: number, corner: number, degrees: number): Uint8Array {
  const angle = (degrees * Math.PI) / 180;
  const shape = new Uint8Array(SIDE * SIDE);
  for (let i = 0; i < shape.length; i++) {
    const [y, x] = [Math.floor(i / SIDE) - 44.5, (i % SIDE) - 44.5];
    const u = Math.abs(y * Math.cos(angle) + x * Math.sin(angle));
    const v = Math.abs(x * Math.cos(angle) - y * Math.sin(angle));
    const inCross = (u < halfU && v < halfV - corner) || (u < halfU - corner && v < halfV);
    const inDisc = Math.hypot(u - halfU + corner, v - halfV + corner) < corner;
    if (inCross || inDisc) shape[i] = 1;
  }
  return shape;
}

it.each([
  [30, 30, 5, 20],
  [30, 22, 4, 65],
  [28, 28, 0, 0],
  [24, 30, 8, 44],
])(
  "finds sides %d and %d, corners of %d, turned by %d degrees",
  (halfU, halfV, corner, degrees) => {
    const { section, overlap } = fitRectangle(
      draw(halfU, halfV, corner, degrees),
      SIDE,
      [44.5, 44.5],
    );
    expect(overlap).toBeGreaterThan(0.975);
    const turned = (section.angle * 180) / Math.PI - degrees;
    const swapped = Math.abs(Math.sin((turned * Math.PI) / 180)) > 0.5;
    const [u, v] = swapped ? [section.halfV, section.halfU] : [section.halfU, section.halfV];
    expect(Math.abs(u - halfU)).toBeLessThan(0.7);
    expect(Math.abs(v - halfV)).toBeLessThan(0.7);
    expect(Math.abs(section.corner - corner)).toBeLessThan(3);
    if (halfU !== halfV || corner < 6) expect(Math.abs(((turned + 135) % 90) - 45)).toBeLessThan(2);
  },
);

it("does not take a disc or a lump for one", () => {
  expect(fitRectangle(draw(28, 28, 28, 0), SIDE, [44.5, 44.5]).section.corner).toBeGreaterThan(16);
  const random = createRandom(3);
  const waves = [2, 3, 5].map((count) => ({ count, phase: 6 * random.next() }));
  const lump = new Uint8Array(SIDE * SIDE).map((_, i) => {
    const [y, x] = [Math.floor(i / SIDE) - 44.5, (i % SIDE) - 44.5];
    const r = waves.reduce(
      (sum, { count, phase }) => sum + 3 * Math.cos(count * Math.atan2(y, x) + phase),
      28,
    );
    return Math.hypot(y, x) < r ? 1 : 0;
  });
  expect(fitRectangle(lump, SIDE, [44.5, 44.5]).overlap).toBeLessThan(0.95);
});

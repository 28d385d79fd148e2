import { describe, expect, it } from "vitest";
import { createProjector } from "../../../domain/phantoms/projector.ts";
import { ellipseChord, paintEllipse, type Ellipse } from "./ellipse.ts";

const SIZE = 96;
const ANGLES = 72;

function project(ellipse: Ellipse, columns: number, shift = new Float64Array(ANGLES)) {
  const sinogram = new Float32Array(ANGLES * columns);
  createProjector({ size: SIZE, columns, angles: ANGLES }).project(
    paintEllipse(SIZE, ellipse),
    shift,
    sinogram,
  );
  return sinogram;
}

/** Largest and mean error of chords at least 3 columns inside the shadow, over the longest chord. */
function chordErrors(
  ellipse: Ellipse,
  columns: number,
  shift = new Float64Array(ANGLES),
  longest = 2 * Math.max(ellipse.a, ellipse.b),
) {
  const sinogram = project(ellipse, columns, shift);
  const errors: number[] = [];
  for (let a = 0; a < ANGLES; a++) {
    const theta = (Math.PI * a) / ANGLES;
    for (let k = 0; k < columns; k++) {
      const t = k - (columns - 1) / 2 + shift[a]!;
      const isInside = [-3, 3].every((d) => ellipseChord(ellipse, theta, t + d) > 0);
      if (isInside) {
        errors.push(Math.abs(sinogram[a * columns + k]! - ellipseChord(ellipse, theta, t)));
      }
    }
  }
  return {
    rays: errors.length,
    largest: Math.max(...errors) / longest,
    mean: errors.reduce((a, b) => a + b) / errors.length / longest,
  };
}

describe("createProjector", () => {
  it.each([
    ["a disc in the middle", { x: 0, y: 0, a: 30, b: 30 }, 100],
    ["a disc aside", { x: 11.3, y: -7.6, a: 25.4, b: 25.4 }, 100],
    ["a flat ellipse, an odd detector", { x: -5.2, y: 8.1, a: 36, b: 14 }, 101],
  ])("measures the chords of %s within 1 %", (_, ellipse, columns) => {
    const { rays, largest, mean } = chordErrors(ellipse, columns);
    expect(rays).toBeGreaterThan(1000);
    expect(largest).toBeLessThan(0.01);
    expect(mean).toBeLessThan(0.002);
  });

  it("follows the shift of each projection", () => {
    const shift = Float64Array.from({ length: ANGLES }, (_, a) => 2 * Math.sin(a));
    expect(chordErrors({ x: 4, y: 9, a: 28, b: 20 }, 100, shift).largest).toBeLessThan(0.01);
  });

  it("measures the slices of an ellipsoid as the ellipsoid's chords", () => {
    for (const height of [-0.8, -0.3, 0.55]) {
      const scale = Math.sqrt(1 - height ** 2);
      const cut = { x: 2.5, y: -3.5, a: 34 * scale, b: 22 * scale };
      expect(chordErrors(cut, 100, undefined, 68).largest).toBeLessThan(0.01);
    }
  });

  it("keeps the slice's mass in every projection", () => {
    const sinogram = project({ x: 7, y: 3, a: 20, b: 31 }, 104);
    for (let a = 0; a < ANGLES; a++) {
      const mass = sinogram.subarray(a * 104, (a + 1) * 104).reduce((s, v) => s + v, 0);
      expect(mass / (Math.PI * 20 * 31)).toBeCloseTo(1, 2);
    }
  });

  it("sees nothing in an empty slice", () => {
    const sinogram = new Float32Array(ANGLES * 100).fill(7);
    const projector = createProjector({ size: SIZE, columns: 100, angles: ANGLES });
    projector.project(new Float32Array(SIZE * SIZE), new Float64Array(ANGLES), sinogram);
    expect(sinogram.every((value) => value === 0)).toBe(true);
  });
});

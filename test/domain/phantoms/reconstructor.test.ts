import { describe, expect, it } from "vitest";
import { createProjector } from "../../../domain/phantoms/projector.ts";
import { createReconstructor } from "../../../domain/phantoms/reconstructor.ts";
import { ellipseChord, paintEllipse, type Ellipse } from "./ellipse.ts";

const DISC: Ellipse = { x: 9, y: -14, a: 18, b: 18 };

function reconstruct(sinogram: Float32Array, size: number, columns: number, angles: number) {
  const slice = new Float32Array(size * size);
  createReconstructor({ size, columns, angles }).reconstruct(sinogram, slice);
  return slice;
}

/** Mean over pixels whose distance from the disc's centre is in a range. */
function meanWithin(slice: Float32Array, size: number, lo: number, hi: number): number {
  let sum = 0;
  let count = 0;
  slice.forEach((value, i) => {
    const x = (i % size) - (size - 1) / 2 - DISC.x;
    const y = Math.floor(i / size) - (size - 1) / 2 - DISC.y;
    const r = Math.hypot(x, y);
    if (r < lo || r >= hi) return;
    sum += value;
    count++;
  });
  return sum / count;
}

describe("createReconstructor", () => {
  it.each([
    [96, 104],
    [96, 99],
    [81, 89],
    [81, 88],
  ])("recovers μ of a disc within 2 %% where it is, size %i, %i columns", (size, columns) => {
    const angles = 144;
    const sinogram = new Float32Array(angles * columns);
    for (let a = 0; a < angles; a++) {
      for (let k = 0; k < columns; k++) {
        const theta = (Math.PI * a) / angles;
        sinogram[a * columns + k] = 1.7 * ellipseChord(DISC, theta, k - (columns - 1) / 2);
      }
    }
    const slice = reconstruct(sinogram, size, columns, angles);
    expect(Math.abs(meanWithin(slice, size, 0, 15) / 1.7 - 1)).toBeLessThan(0.02);
    expect(Math.abs(meanWithin(slice, size, 0, 4) / 1.7 - 1)).toBeLessThan(0.02);
    expect(Math.abs(meanWithin(slice, size, 21, 26))).toBeLessThan(0.02);
  });

  it("undoes the projector, corners included", () => {
    const [size, columns, angles] = [96, 104, 144];
    const disc = paintEllipse(size, DISC).map((v) => 1.7 * v);
    const sinogram = new Float32Array(angles * columns);
    createProjector({ size, columns, angles }).project(disc, new Float64Array(angles), sinogram);
    const slice = reconstruct(sinogram, size, columns, angles);
    // The Hann window blurs the rim by about a pixel; elsewhere slice and disc agree.
    let worst = 0;
    slice.forEach((value, i) => {
      const x = (i % size) - (size - 1) / 2 - DISC.x;
      const y = Math.floor(i / size) - (size - 1) / 2 - DISC.y;
      if (Math.abs(Math.hypot(x, y) - 18) > 3) worst = Math.max(worst, Math.abs(value - disc[i]!));
    });
    expect(worst / 1.7).toBeLessThan(0.03);
  });
});

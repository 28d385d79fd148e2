import { expect, it } from "vitest";
import { createProjector } from "../../../domain/phantoms/projector.ts";
import { createReconstructor } from "../../../domain/phantoms/reconstructor.ts";
import { extendRows } from "../../../domain/phantoms/extend-rows.ts";
import { paintEllipse } from "./ellipse.ts";

it("draws out the first and last column of every row", () => {
  const extended = new Float32Array(14).fill(9);
  extendRows(Float32Array.of(1, 2, 3, 4, 5, 6), 3, 2, extended);
  expect([...extended]).toEqual([1, 1, 1, 2, 3, 3, 3, 4, 4, 4, 5, 6, 6, 6]);
});

it("takes the bright rim off a slice whose projections are truncated", () => {
  const [wide, size, columns, angles, extension] = [96, 48, 56, 96, 24];
  const disc = paintEllipse(wide, { x: 0, y: 0, a: 40, b: 40 });
  const sinogram = new Float32Array(angles * columns);
  const shift = new Float64Array(angles);
  createProjector({ size: wide, columns, angles }).project(disc, shift, sinogram);
  /** Mean value 20 to 23 voxels from the middle over that within 8; 1 in truth. */
  const rim = (rays: Float32Array, width: number) => {
    const slice = new Float32Array(size * size);
    createReconstructor({ size, columns: width, angles }).reconstruct(rays, slice);
    const mean = (lo: number, hi: number) => {
      const ring = [...slice].filter((_, i) => {
        const radius = Math.hypot(Math.floor(i / size) - 23.5, (i % size) - 23.5);
        return radius >= lo && radius < hi;
      });
      return ring.reduce((a, b) => a + b) / ring.length;
    };
    return mean(20, 23) / mean(0, 8);
  };
  const extended = new Float32Array(angles * (columns + 2 * extension));
  extendRows(sinogram, columns, extension, extended);
  expect(rim(sinogram, columns)).toBeGreaterThan(1.2);
  expect(rim(extended, columns + 2 * extension)).toBeLessThan(1.15);
});

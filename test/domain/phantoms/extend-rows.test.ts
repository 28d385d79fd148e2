import { expect, it } from "vitest";
import { createProjector } from "../../../domain/phantoms/projector.ts";
import { createReconstructor } from "../../../domain/phantoms/reconstructor.ts";
import { extendRows } from "../../../domain/phantoms/extend-rows.ts";
import { paintEllipse } from "./ellipse.ts";

/** −ln T through a cylinder of radius `r` about the middle column. */
const chords = (columns: number, r: number) =>
  Float32Array.from(
    { length: columns },
    (_, k) => 2 * Math.sqrt(Math.max(0, r ** 2 - (k - (columns - 1) / 2) ** 2)),
  );

it("goes on as the cylinder does that was cut off, on both sides, down to nothing", () => {
  const extended = new Float32Array(121);
  extendRows(chords(61, 50), 61, 30, extended);
  const truth = chords(121, 50);
  expect([...extended.subarray(30, 91)]).toEqual([...chords(61, 50)]);
  extended.forEach((value, k) => expect(Math.abs(value - truth[k]!)).toBeLessThan(6));
  expect([extended[0], extended[120]]).toEqual([0, 0]);
});

it("goes on level where a row does not fall towards its end", () => {
  const extended = new Float32Array(22).fill(9);
  extendRows(new Float32Array(22).fill(3).subarray(0, 14), 7, 2, extended);
  expect([...extended]).toEqual(Array(22).fill(3));
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
  expect(Math.abs(rim(extended, columns + 2 * extension) - 1)).toBeLessThan(0.05);
});

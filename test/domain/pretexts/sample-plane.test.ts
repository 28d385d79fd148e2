import { expect, test } from "vitest";
import { ANGLES, radians } from "../../../domain/pretexts/angles.ts";
import { planeOf } from "../../../domain/pretexts/plane.ts";
import { rotatePairs } from "../../../domain/pretexts/rotated-pairs.ts";
import { samplePlane } from "../../../domain/pretexts/sample-plane.ts";
import { createStencil, windowStencil } from "../../../domain/pretexts/stencil.ts";
import { createRandom } from "../../../domain/random.ts";
import { AXES } from "../../../domain/volumes/shape.ts";
import type { Grid } from "../../../domain/volumes/shape.ts";

/** 5 × 5, a bright pixel right of the middle and a fainter one below it. */
const marked: Grid<Float32Array> = {
  shape: [1, 5, 5],
  data: Float32Array.from({ length: 25 }, (_, i) =>
    i === 2 * 5 + 3 ? 9 : i === 3 * 5 + 2 ? 4 : 0,
  ),
};

function sample(angle: number, stencil = createStencil(5, Infinity), scale = 1, gain = 1) {
  const out = new Float32Array(stencil.size ** 2);
  const pose = { row: 2, column: 2, angle, scale, gain };
  samplePlane(planeOf(marked, 0, 0), stencil, pose, out, 0);
  return out;
}

test("not turned, an image is its plane", () => {
  expect(sample(0)).toEqual(marked.data);
});

test("positive angles turn counter-clockwise as seen: right comes to the top, bottom to the right", () => {
  const turned = sample(radians(90));
  expect(turned[1 * 5 + 2]).toBeCloseTo(9, 5);
  expect(turned[2 * 5 + 3]).toBeCloseTo(4, 5);
  expect(turned.reduce((a, b) => a + b)).toBeCloseTo(13, 4);
  expect(sample(radians(-90))[3 * 5 + 2]).toBeCloseTo(9, 5);
});

test("between pixels values are interpolated linearly, and beyond the border they are zero", () => {
  const plane = planeOf({ shape: [1, 2, 2], data: Float32Array.of(1, 2, 3, 8) }, 0, 0);
  const at = (row: number, column: number) => {
    const out = new Float32Array(1);
    const pose = { row, column, angle: 0.7, scale: 1, gain: 1 };
    samplePlane(plane, createStencil(1, Infinity), pose, out, 0);
    return out[0]!;
  };
  expect(at(0.5, 0.5)).toBeCloseTo(3.5, 6);
  expect(at(0.25, 1)).toBeCloseTo(0.75 * 2 + 0.25 * 8, 6);
  expect(at(-0.5, 0)).toBeCloseTo(0.5, 6);
  expect(at(1, 1.75)).toBeCloseTo(2, 6);
  expect(at(-1.5, 0)).toBe(0);
  expect(at(0, 7)).toBe(0);
});

test("gain scales values, scale shrinks, and the disc leaves the corners alone", () => {
  expect(sample(0, undefined, 1, 2)[13]).toBe(18);
  expect(sample(0, undefined, 0.5)[2 * 5 + 4]).toBeCloseTo(9, 5);
  const out = new Float32Array(100).fill(-1);
  const disc = windowStencil(10);
  samplePlane(
    planeOf(marked, 0, 0),
    disc,
    { row: 2, column: 2, angle: 1, scale: 0.1, gain: 1 },
    out,
    0,
  );
  expect(out[0]).toBe(-1);
  expect(out[9]).toBe(-1);
  expect(out[45]).not.toBe(-1);
});

test("a slice along each axis has the voxels of that slice", () => {
  const grid = { shape: [2, 3, 4] as const, data: Float32Array.from({ length: 24 }, (_, i) => i) };
  const value = (z: number, y: number, x: number) => grid.data[(z * 3 + y) * 4 + x]!;
  for (const axis of AXES) {
    const { rows, columns, start, rowStride, columnStride, data } = planeOf(grid, axis, 1);
    expect([rows, columns]).toEqual(
      [
        [3, 4],
        [2, 4],
        [2, 3],
      ][axis],
    );
    const at = data[start + (rows - 1) * rowStride + (columns - 1) * columnStride];
    expect(at).toBe([value(1, 2, 3), value(1, 1, 3), value(1, 2, 1)][axis]);
  }
});

test("a twin is turned by its class's angle more than its partner", () => {
  // One pixel off the middle tells the angle of an image.
  const side = 65;
  const data = new Float32Array(side * side);
  data[32 * side + 32 + 20] = 1e3;
  const plane = planeOf({ shape: [1, side, side], data }, 0, 0);
  const pair = { first: plane, twin: plane, row: 32, column: 32, scale: 1 };
  const stencil = windowStencil(side);
  const { images, classes } = rotatePairs(Array(40).fill(pair), stencil, createRandom(3));
  const direction = (n: number) => {
    const image = images.subarray(n * side * side, (n + 1) * side * side);
    let [right, up] = [0, 0];
    image.forEach((v, i) => {
      right += v * ((i % side) - 32);
      up += v * (32 - Math.floor(i / side));
    });
    return Math.atan2(up, right);
  };
  const found = classes.map((_, n) => {
    const difference = ((direction(40 + n) - direction(n)) * 180) / Math.PI;
    return ((difference + 540) % 360) - 180;
  });
  found.forEach((angle, n) => expect(Math.abs(angle - ANGLES[classes[n]!]!)).toBeLessThan(3));
  expect(new Set(classes).size).toBe(7);
});

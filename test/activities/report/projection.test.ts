import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { maxProjections, toDataUri } from "../../../activities/report/projection.ts";
import type { Zyx } from "../../../domain/volumes/shape.ts";

function decode(uri: string): { width: number; height: number; grey: number[] } {
  expect(uri).toMatch(/^data:image\/png;base64,/);
  const { width, height, data } = PNG.sync.read(Buffer.from(uri.split(",")[1]!, "base64"));
  return { width, height, grey: [...data].filter((_, i) => i % 4 === 0) };
}

test("projects the brightest voxel along each axis", () => {
  // Two planes of two rows of three: plane 0 is 1 2 3 / 4 5 6, plane 1 is 9 0 0 / 0 0 7.
  const data = Float32Array.of(1, 2, 3, 4, 5, 6, 9, 0, 0, 0, 0, 7);
  const [z, y, x] = maxProjections({ shape: [2, 2, 3], data });
  expect([z.height, z.width, [...z.data]]).toEqual([2, 3, [9, 2, 3, 4, 5, 7]]);
  expect([y.height, y.width, [...y.data]]).toEqual([2, 3, [4, 5, 6, 9, 0, 7]]);
  expect([x.height, x.width, [...x.data]]).toEqual([2, 2, [3, 6, 9, 7]]);
});

test("becomes an 8-bit PNG from black to white, whatever the dtype", () => {
  for (const data of [Int16Array.of(-100, -49, 155, 55), Uint16Array.of(0, 12000, 60000, 36470)]) {
    const [z] = maxProjections({ shape: [1, 2, 2] satisfies Zyx, data });
    const { width, height, grey } = decode(toDataUri(z));
    expect([width, height]).toEqual([2, 2]);
    expect(grey).toEqual([0, 51, 255, 155]);
  }
});

test("an image of one value and one with NaN are drawn", () => {
  const flat = maxProjections({ shape: [1, 1, 3], data: Uint8Array.of(7, 7, 7) })[0];
  expect(decode(toDataUri(flat)).grey).toEqual([0, 0, 0]);
  const holed = maxProjections({ shape: [1, 1, 3], data: Float32Array.of(NaN, 0, 1) })[0];
  expect(decode(toDataUri(holed)).grey).toEqual([0, 0, 255]);
});

test("a single bright voxel does not grey the rest", () => {
  const data = Float32Array.from({ length: 2500 }, (_, i) => i % 100);
  data[1234] = 1e6;
  const { grey } = decode(toDataUri(maxProjections({ shape: [1, 50, 50], data })[0]));
  expect(grey[50]).toBeGreaterThan(100);
});

test("projects through a box's depth alone, and stretches the greys of a frame", () => {
  // A bright wall at x = 0 hides what is at x = 1 and 2 unless the box leaves it out.
  const data = Float32Array.of(100, 1, 2, 100, 3, 4, 100, 5, 6, 100, 7, 8);
  const box = [
    [0, 1],
    [1, 2],
    [1, 3],
  ] as const;
  const [z, y, x] = maxProjections({ shape: [2, 2, 3], data }, box);
  expect([...z.data]).toEqual([100, 1, 2, 100, 3, 4]);
  expect([...y.data]).toEqual([100, 3, 4, 100, 7, 8]);
  expect([...x.data]).toEqual([2, 4, 6, 8]);
  const { grey } = decode(toDataUri(z, { rows: [0, 2], columns: [1, 3] }));
  expect(grey).toEqual([255, 0, 85, 255, 170, 255]);
});

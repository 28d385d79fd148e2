import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { containerPicture } from "../../../activities/report/container-picture.ts";
import type { Zyx } from "../../../domain/volumes/shape.ts";

function decode(uri: string) {
  expect(uri).toMatch(/^data:image\/png;base64,/);
  const { width, height, data } = PNG.sync.read(Buffer.from(uri.split(",")[1]!, "base64"));
  const pixels = Array.from({ length: width * height }, (_, i) => [
    ...data.subarray(4 * i, 4 * i + 3),
  ]);
  return { width, height, pixels };
}

// Grey 0 and 200 in turn; the view, 2 voxels a voxel, masks the half with x >= 2.
const shape: Zyx = [4, 3, 5];
const level = { shape, data: Uint8Array.from({ length: 60 }, (_, i) => (i % 2) * 200) };
const valid = {
  shape: [2, 2, 3] as const,
  data: Uint8Array.from({ length: 12 }, (_, i) => (i % 3 === 0 ? 1 : 0)),
};

test("shows three slices through the middle, grey where valid", () => {
  const [z, y, x] = containerPicture(level, valid, 2).map(decode);
  expect([z!.height, z!.width]).toEqual([3, 5]);
  expect([y!.height, y!.width]).toEqual([4, 5]);
  expect([x!.height, x!.width]).toEqual([4, 3]);
  // Slice 2 begins at voxel 30, which is even: black, white.
  expect(z!.pixels.slice(0, 2)).toEqual([
    [0, 0, 0],
    [255, 255, 255],
  ]);
});

test("tints what is masked orange, and lets the grey be seen", () => {
  const { pixels } = decode(containerPicture(level, valid, 2)[0]);
  for (const [r, g, b] of [pixels[2]!, pixels[3]!, pixels[4]!]) {
    expect(r).toBeGreaterThan(g! + 40);
    expect(g).toBeGreaterThan(b!);
  }
  expect(pixels[3]![2]).toBeGreaterThan(pixels[2]![2]! + 100);
  // Across x = 2 everything is masked.
  const across = decode(containerPicture(level, valid, 2)[2]).pixels;
  expect(across.every(([r, g]) => r! > g! + 40)).toBe(true);
});

test("a constant level is drawn", () => {
  const flat = { shape, data: new Float32Array(60).fill(7) };
  expect(decode(containerPicture(flat, valid, 2)[0]).pixels[0]).toEqual([0, 0, 0]);
});

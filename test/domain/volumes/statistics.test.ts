import { expect, it } from "vitest";
import { findNonFinite, percentiles } from "../../../domain/volumes/statistics.ts";

it("finds percentiles by rank and leaves its input as it was", () => {
  const voxels = Uint16Array.from({ length: 1001 }, (_, i) => (i * 5) % 1001);
  expect(percentiles(voxels, [0, 0.001, 0.5, 0.999, 1])).toEqual([0, 1, 500, 999, 1000]);
  expect([...voxels.subarray(0, 3)]).toEqual([0, 5, 10]);
});

it("finds what is not finite, also where infinities cancel", () => {
  expect(findNonFinite(Float32Array.of(1, 2))).toBeUndefined();
  expect(findNonFinite(Uint8Array.of(1, 2))).toBeUndefined();
  expect(findNonFinite(Float32Array.of(3.4e38, 3.4e38, 3.4e38))).toBeUndefined();
  expect(findNonFinite(Float32Array.of(1, NaN, 2, Infinity))).toEqual({ first: 1, count: 2 });
  expect(findNonFinite(Float32Array.of(Infinity, -Infinity))).toEqual({ first: 0, count: 2 });
});

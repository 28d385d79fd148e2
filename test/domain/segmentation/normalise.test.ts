import { expect, it } from "vitest";
import { normaliseCrop } from "../../../domain/segmentation/normalise.ts";

const normalise = (...values: number[]) => [
  ...normaliseCrop({ shape: [1, 1, values.length], data: Int16Array.from(values) }).data,
];

it("measures from the median in robust deviations", () => {
  // Median 3; deviations 2 1 0 1 2, their median 1, so one unit is 1.4826.
  const unit = 1.4826;
  normalise(1, 2, 3, 4, 5).forEach((v, i) => expect(v).toBeCloseTo((i - 2) / unit, 3));
});

it("clips to [-4, 6]", () => {
  const values = normalise(1, 2, 3, 4, 5, -1000, 1000);
  expect(Math.min(...values)).toBe(-4);
  expect(Math.max(...values)).toBe(6);
});

it("does not change when the whole crop is brighter or has more contrast", () => {
  const plain = normalise(5, 9, 2, 7, 7, 4, 30);
  const other = normalise(...[5, 9, 2, 7, 7, 4, 30].map((v) => 100 + 3 * v));
  other.forEach((v, i) => expect(v).toBeCloseTo(plain[i]!, 4));
});

it("has units where most voxels are equal, and zeros where all are", () => {
  const mostly = normalise(0, 0, 0, 0, 0, 0, 0, 9);
  expect(mostly.slice(0, 7)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  // The ordinary deviation: 9 / √8.
  expect(mostly[7]).toBeCloseTo(Math.sqrt(8), 4);
  expect(normalise(4, 4, 4)).toEqual([0, 0, 0]);
});

it("keeps bright tissues apart that lie far above the medium's noise", () => {
  const medium = Array.from({ length: 90 }, (_, i) => 1000 + (i % 3));
  const tissues = Array.from({ length: 10 }, (_, i) => (i < 5 ? 2000 : 3000));
  const values = normalise(...medium, ...tissues);
  const [body, bone] = [values[90]!, values[99]!];
  expect(bone).toBeGreaterThan(5);
  expect(bone - body).toBeGreaterThan(2);
});

import { expect, it } from "vitest";
import { profileInterval } from "../../../domain/localization/profile.ts";

const step = (n: number, lo: number, hi: number) =>
  Float64Array.from({ length: n }, (_, i) => (i >= lo && i < hi ? 1 : 0.1));

it("finds a stretch to half a slice", () => {
  const { interval, separation } = profileInterval(step(100, 30, 70));
  expect(interval![0]).toBeCloseTo(30, 0);
  expect(interval![1]).toBeCloseTo(70, 0);
  expect(Math.abs(interval![0] - 30)).toBeLessThan(0.5);
  expect(Math.abs(interval![1] - 70)).toBeLessThan(0.5);
  expect(separation).toBeGreaterThan(3);
});

it("steps over a gap in the specimen and leaves out a lone bright slice far away", () => {
  const profile = step(100, 30, 70);
  profile.fill(0.1, 48, 52);
  profile.fill(1, 90, 92);
  const { interval } = profileInterval(profile);
  expect(interval![0]).toBeCloseTo(30, 0);
  expect(interval![1]).toBeCloseTo(70, 0);
});

it("goes to the border with a specimen that does", () => {
  expect(profileInterval(step(60, 0, 20)).interval![0]).toBe(0);
  expect(profileInterval(step(60, 40, 60)).interval![1]).toBe(60);
});

it("interpolates the ends of a ramp where it crosses the threshold", () => {
  const ramp = Float64Array.from({ length: 80 }, (_, i) => Math.max(0, 1 - Math.abs(i - 40) / 20));
  const { interval, threshold } = profileInterval(ramp, "midpoint");
  // 1 - |i - 40| / 20 = t at i = 40 +- 20 (1 - t); slice i's middle is at i + .5.
  expect(interval![0]).toBeCloseTo(40.5 - 20 * (1 - threshold), 1);
  expect(interval![1]).toBeCloseTo(40.5 + 20 * (1 - threshold), 1);
});

it("finds nothing where nothing changes", () => {
  expect(profileInterval(new Float64Array(50).fill(0.14)).interval).toBeUndefined();
  expect(profileInterval([0.3]).interval).toBeUndefined();
  expect(profileInterval([]).interval).toBeUndefined();
});

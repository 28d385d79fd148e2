import { expect, it } from "vitest";
import { rotationMetrics } from "../../../domain/metrics/rotation-metrics.ts";

it("measures angles in degrees, right ones included", () => {
  // Preferred classes 3, 0, 6, 2: of 0°, -90°, 90°, -30°.
  const logits = Float32Array.from(
    [3, 0, 6, 2].flatMap((c) => Array.from({ length: 7 }, (_, i) => (i === c ? 1.5 : -0.25 * i))),
  );
  // Truth 0°, 0°, -90°, -60°: errors 0, 90, 180, 30.
  expect(rotationMetrics(logits, [3, 3, 0, 1])).toEqual({ accuracy: 1 / 4, angularError: 75 });
  expect(rotationMetrics(logits, [3, 0, 6, 2])).toEqual({ accuracy: 1, angularError: 0 });
});

it("knows what guessing costs: 68.6 degrees, or 51.4 for always answering 0", () => {
  const one = (c: number) => Array.from({ length: 7 }, (_, i) => +(i === c));
  const all = Array.from({ length: 49 }, (_, i) => [Math.floor(i / 7), i % 7] as const);
  const guessed = Float32Array.from(all.flatMap(([told]) => one(told)));
  const zero = Float32Array.from(all.flatMap(() => one(3)));
  const truth = all.map(([, is]) => is);
  expect(rotationMetrics(guessed, truth).angularError).toBeCloseTo(480 / 7, 10);
  expect(rotationMetrics(guessed, truth).accuracy).toBeCloseTo(1 / 7, 10);
  expect(rotationMetrics(zero, truth).angularError).toBeCloseTo(360 / 7, 10);
});

import { expect, test } from "vitest";
import { NO_HISTORY, record, recentLoss } from "../../../domain/training/history.ts";
import { isPlateau, ROTATION_PLATEAU } from "../../../domain/training/plateau.ts";
import { rateAt } from "../../../domain/training/schedule.ts";

test("the rate rises linearly to its peak and falls along half a cosine", () => {
  const schedule = { rate: 0.01, warmup: 10, steps: 110 };
  expect(rateAt(1, schedule)).toBeCloseTo(0.001, 12);
  expect(rateAt(10, schedule)).toBeCloseTo(0.01, 12);
  expect(rateAt(61, schedule)).toBeCloseTo(0.005, 12);
  expect(rateAt(110, schedule)).toBeGreaterThan(0);
  expect(rateAt(110, schedule)).toBeLessThan(1e-5);
});

test("without warm-up the first step has the peak; a warm-up longer than the run never gets there", () => {
  expect(rateAt(1, { rate: 0.01, warmup: 0, steps: 10 })).toBe(0.01);
  expect(rateAt(10, { rate: 0.01, warmup: 100, steps: 10 })).toBeCloseTo(0.001, 12);
});

test("the rate falls as nnU-Net's does, or stays", () => {
  const schedule = { rate: 0.01, warmup: 10, steps: 110 };
  expect(rateAt(61, { ...schedule, decay: "poly" })).toBeCloseTo(0.01 * 0.5 ** 0.9, 12);
  expect(rateAt(110, { ...schedule, decay: "constant" })).toBe(0.01);
  expect(rateAt(5, { ...schedule, decay: "constant" })).toBeCloseTo(0.005, 12);
});

const run = (losses: number[]) =>
  losses.reduce((history, loss, i) => record(history, i + 1, loss, i), NO_HISTORY);

test("the curve stays short, and its points are means of what they stand for", () => {
  const history = run(Array.from({ length: 3000 }, (_, i) => i));
  expect(history.steps.length).toBeLessThan(512);
  expect(history.steps.length).toBeGreaterThanOrEqual(256);
  expect(history.steps[0]).toBe(history.stride);
  expect(history.loss[0]).toBe((history.stride - 1) / 2);
  expect(history.metric).toEqual(history.loss);
  expect(recentLoss(history)).toBe(2949.5);
});

test("a loss at chance is a plateau at step 500, one below it is not", () => {
  const at = (loss: number, step: number, steps = 1000) =>
    isPlateau(run(Array<number>(step).fill(loss)), step, steps, ROTATION_PLATEAU);
  expect(at(1.95, 500)).toBe(true);
  expect(at(1.89, 500)).toBe(false);
  expect(at(1.95, 499)).toBe(false);
  expect(at(1.95, 501)).toBe(false);
});

test("a shorter run is judged at its end, but not before it had 100 steps", () => {
  const at = (steps: number) =>
    isPlateau(run(Array<number>(steps).fill(1.95)), steps, steps, ROTATION_PLATEAU);
  expect(at(200)).toBe(true);
  expect(at(99)).toBe(false);
});

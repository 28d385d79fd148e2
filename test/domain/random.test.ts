import { expect, it } from "vitest";
import { createRandom, restoreRandom } from "../../domain/random.ts";

it("is xoshiro128**: the first numbers from state 1, 2, 3, 4 are those of its authors", () => {
  const random = restoreRandom([1, 2, 3, 4]);
  const words = Array.from({ length: 10 }, () => random.next() * 2 ** 32);
  expect(words).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
    4258142804,
  ]);
});

it("gives the same numbers for the same seed and label, and others for another of either", () => {
  const first = (seed: number, label?: string) => {
    const random = createRandom(seed, label);
    return [random.next(), random.next(), random.next()].join();
  };
  expect(first(7, "a")).toBe(first(7, "a"));
  const all = [first(7), first(7, "a"), first(7, "b"), first(8, "a"), first(0), first(2 ** 32 - 1)];
  expect(new Set(all).size).toBe(all.length);
});

it("goes on where its state was taken, in the middle of any kind of number", () => {
  const random = createRandom(3);
  random.normal();
  random.int(10);
  const state = random.state();
  const ahead = [random.normal(), random.uniform(-1, 1), random.int(1000)];
  const again = restoreRandom(state);
  expect([again.normal(), again.uniform(-1, 1), again.int(1000)]).toEqual(ahead);
});

it("draws whole numbers below n equally often, and 0 alone for n = 1", () => {
  const random = createRandom(11);
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i++) counts[random.int(7)]!++;
  // 10 000 each; five standard deviations are 463.
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(463);
  expect(random.int(1)).toBe(0);
});

it("draws from [lo, hi), and normal numbers with mean 0 and deviation 1", () => {
  const random = createRandom(5, "moments");
  let [sum, squares, beyond] = [0, 0, 0];
  const n = 40_000;
  for (let i = 0; i < n; i++) {
    const u = random.uniform(-2, 3);
    expect(u >= -2 && u < 3).toBe(true);
    const v = random.normal();
    sum += v;
    squares += v * v;
    if (Math.abs(v) > 1.959964) beyond++;
  }
  expect(Math.abs(sum / n)).toBeLessThan(5 / Math.sqrt(n));
  expect(Math.abs(squares / n - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  expect(Math.abs(beyond / n - 0.05)).toBeLessThan(5 * Math.sqrt((0.05 * 0.95) / n));
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { throttle } from "../../../activities/engine/throttle.ts";

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => vi.useRealTimers());

test("the first passes at once, then the newest of each interval", () => {
  const passed: number[] = [];
  const { push } = throttle<number>(200, (value) => passed.push(value));
  for (let i = 0; i < 10; i++) {
    push(i); // at 0, 50, … 450 ms
    vi.advanceTimersByTime(50);
  }
  expect(passed).toEqual([0, 3, 7]);
  vi.advanceTimersByTime(200);
  expect(passed).toEqual([0, 3, 7, 9]);
});

test("flush passes on what is held back, once", () => {
  const passed: string[] = [];
  const { push, flush } = throttle<string>(200, (value) => passed.push(value));
  push("a");
  push("b");
  push("c");
  flush();
  flush();
  vi.advanceTimersByTime(1_000);
  expect(passed).toEqual(["a", "c"]);
});

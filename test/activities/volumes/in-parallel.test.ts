import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { inParallel } from "../../../activities/volumes/in-parallel.ts";

it("runs every task once, and at most so many at a time", async () => {
  let [running, most] = [0, 0];
  const done: number[] = [];
  await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, ++running);
    await sleep(2);
    running--;
    done.push(item);
  });
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

it("begins nothing after a failure, and waits for what had begun", async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const running = inParallel([1, 2, 3, 4], 2, async (item) => {
    begun.push(item);
    if (item === 1) throw new Error("first");
    await sleep(10);
    ended.push(item);
  });
  await expect(running).rejects.toThrow("first");
  expect(begun).toEqual([1, 2]);
  expect(ended).toEqual([2]);
});

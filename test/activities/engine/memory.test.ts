import { totalmem } from "node:os";
import { expect, test } from "vitest";
import { readMemory, residentBytes } from "../../../activities/engine/memory.ts";

test.runIf(process.platform === "linux")("memory is what the kernel says it is", () => {
  const memory = readMemory()!;
  expect(memory.totalBytes).toBeGreaterThan(0);
  expect(memory.totalBytes).toBeLessThanOrEqual(totalmem());
  expect(memory.availableBytes).toBeGreaterThan(0);
  expect(memory.availableBytes).toBeLessThanOrEqual(memory.totalBytes);
  expect(Number.isInteger(memory.oomKills)).toBe(true);
});

test.runIf(process.platform === "linux")("resident bytes follow an allocation", () => {
  const before = residentBytes(process.pid)!;
  expect(Math.abs(before - process.memoryUsage.rss())).toBeLessThan(64 * 2 ** 20);
  const block = Buffer.alloc(300 * 2 ** 20, 1);
  expect(residentBytes(process.pid)! - before).toBeGreaterThan(0.8 * block.length);
});

test("a process that is not there has no memory", () => {
  expect(residentBytes(2 ** 22 + 1)).toBeUndefined();
});

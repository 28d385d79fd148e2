import { expect, test } from "vitest";
import { createOutputTail } from "../../../activities/engine/output-tail.ts";

test("cuts chunks into lines, hands each on, and keeps the last few", () => {
  const seen: string[] = [];
  const tail = createOutputTail(2, /^dull/, (line) => seen.push(line));
  tail.write("on");
  tail.write("e\ndull\ntwo\r\n\n");
  tail.write("three");
  expect(seen).toEqual(["one", "two"]);
  tail.end();
  expect(seen).toEqual(["one", "two", "three"]);
  expect(tail.lines()).toEqual(["two", "three"]);
});

test("a line without an end is cut, not collected", () => {
  const seen: string[] = [];
  const tail = createOutputTail(2, /^dull/, (line) => seen.push(line));
  for (let i = 0; i < 100; i++) tail.write("x".repeat(100));
  tail.write(`${"y".repeat(4_500)}\n`);
  tail.end();
  expect(Math.max(...seen.map((line) => line.length))).toBeLessThanOrEqual(2_000);
  expect(seen.join("")).toBe("x".repeat(10_000) + "y".repeat(4_500));
});

import { expect, test } from "vitest";
import { fillValue } from "../../../domain/volumes/fill-value.ts";

test.each([
  [910.5, "uint16", 911],
  [910.4, "uint16", 910],
  [-3, "uint8", 0],
  [300, "uint8", 255],
  [-2.5, "int8", -2],
  [-40_000, "int16", -32_768],
  [2 ** 33, "uint32", 2 ** 32 - 1],
  [-(2 ** 40), "int32", -(2 ** 31)],
  [0.1, "float32", Math.fround(0.1)],
] as const)("%d as %s is %d", (value, dtype, expected) => {
  expect(fillValue(value, dtype)).toBe(expected);
});

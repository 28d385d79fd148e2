import { expect, test } from "vitest";
import { CorruptData } from "../../../domain/errors.ts";
import { crc32 } from "../../../domain/training/crc32.ts";
import { packTensors, unpackTensors } from "../../../domain/training/tensor-file.ts";

test("crc32 has the published check value", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});

const file = {
  header: { step: 3, name: "Ångström" },
  groups: {
    a: { manifest: [{ name: "x", shape: [2, 2] }], values: Float32Array.of(1, -0, NaN, 1e-40) },
    b: { manifest: [{ name: "y", shape: [] }], values: Float32Array.of(7) },
  },
};

test("what was packed comes back to the last bit, from any place in memory", () => {
  const bytes = packTensors(file);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(unpackTensors(shifted.subarray(3))).toEqual(file);
});

test("a Node Buffer inside a larger pool reads the same", () => {
  const pool = Buffer.alloc(4096, 0xab);
  const bytes = packTensors(file);
  pool.set(bytes, 777);
  expect(unpackTensors(pool.subarray(777, 777 + bytes.length))).toEqual(file);
});

test("every flipped byte, and every truncation, is noticed", () => {
  const bytes = packTensors(file);
  for (let i = 0; i < bytes.length; i++) {
    const damaged = bytes.slice();
    damaged[i]! ^= 0x10;
    expect(() => unpackTensors(damaged)).toThrow();
  }
  for (let n = 0; n < bytes.length; n++) {
    expect(() => unpackTensors(bytes.slice(0, n))).toThrow(CorruptData);
  }
});

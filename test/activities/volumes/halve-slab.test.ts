import { describe, expect, it } from "vitest";
import { halveSlab } from "../../../activities/volumes/halve-slab.ts";
import type { Slab } from "../../../activities/volumes/slab.ts";
import {
  createArena,
  regionBytes,
  takeRegion,
  wholeBuffer,
} from "../../../activities/volumes/voxel-memory.ts";
import { createRandom } from "../../../domain/random.ts";
import { bytesPerVoxel, viewVoxels } from "../../../domain/volumes/dtype.ts";
import { halve } from "../../../domain/volumes/pyramid.ts";
import { type Dtype, voxelCount, type Zyx } from "../../../domain/volumes/shape.ts";
import { runPython } from "../../support/run-python.ts";

const random = createRandom(5);
const DTYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"] as const;

/** Means by numpy; a voxel past the border stands for its neighbour. */
const NUMPY = `
import base64, json, sys, numpy as np
for line in json.loads(sys.argv[1]):
    a = np.frombuffer(base64.b64decode(line["voxels"]), line["dtype"]).reshape(line["shape"])
    b = np.pad(a, [(0, n % 2) for n in a.shape], mode="edge")
    wide = b.astype("f8" if a.dtype.kind == "f" else "i8")
    total = sum(wide[k::2, j::2, i::2] for k in (0, 1) for j in (0, 1) for i in (0, 1))
    mean = total / 8 if a.dtype.kind == "f" else (total + 4) // 8
    print(base64.b64encode(mean.astype(a.dtype).tobytes()).decode())
`;

/** Any bits, but floats whose sums are exact in double precision. */
function randomSlab(bytes: Uint8Array, dtype: Dtype): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.int(256);
  if (dtype !== "float32") return;
  const voxels = viewVoxels(dtype, bytes);
  for (let i = 0; i < voxels.length; i++) voxels[i] = (random.next() - 0.5) * 2 ** random.int(20);
}

const slabBytes = (shape: Zyx, dtype: Dtype) => voxelCount(shape) * bytesPerVoxel(dtype);

/** Halves of the same voxels by the kernels, and in memory that these do not reach. */
function halves(shape: Zyx, dtype: Dtype): { inArena: Buffer; apart: Buffer; voxels: string } {
  const next: Zyx = [halve(shape[0]) + 1, halve(shape[1]), halve(shape[2])];
  const arena = createArena(2 ** 20)!;
  takeRegion(arena, 1 + random.int(1000)); // other addresses every time
  const slab = (shape: Zyx, apart: boolean): Slab => ({
    ...(apart
      ? wholeBuffer(new SharedArrayBuffer(slabBytes(shape, dtype)))
      : takeRegion(arena, slabBytes(shape, dtype))!),
    shape,
    dtype,
  });
  const from = slab(shape, false);
  randomSlab(regionBytes(from), dtype);
  const copy = slab(shape, true);
  regionBytes(copy).set(regionBytes(from));
  const [inArena, apart] = [from, copy].map((source) => {
    const to = slab(next, source === copy);
    const behind = takeRegion(arena, 64)!;
    const middle = shape[0] >> 2;
    for (const pairs of [
      [0, middle],
      [middle, halve(shape[0])],
    ] as const) {
      halveSlab({ from: source, planes: shape[0], to, at: 1, pairs, mode: "mean" });
    }
    const plane = slabBytes([1, next[1], next[2]], dtype);
    const bytes = Buffer.from(regionBytes(to));
    expect(bytes.subarray(0, plane).every((byte) => byte === 0)).toBe(true);
    expect(regionBytes(behind).every((byte) => byte === 0)).toBe(true);
    return bytes.subarray(plane);
  }) as [Buffer, Buffer];
  return { inArena, apart, voxels: Buffer.from(regionBytes(from)).toString("base64") };
}

describe.each(DTYPES)("the mean of slabs of %s", (dtype) => {
  it("is numpy's, with SIMD and without, however wide and high they are", async () => {
    const shapes: Zyx[] = [
      [4, 6, 32],
      [3, 5, 33],
      [1, 1, 41],
      [2, 7, 200],
      [5, 4, 64],
      [6, 3, 5],
    ];
    for (let i = 0; i < 10; i++) {
      shapes.push([1 + random.int(5), 1 + random.int(9), 1 + random.int(150)]);
    }
    const cases = shapes.map((shape) => ({ shape, dtype, ...halves(shape, dtype) }));
    const input = cases.map(({ shape, dtype, voxels }) => ({ shape, dtype, voxels }));
    const lines = (await runPython(NUMPY, JSON.stringify(input))).trim().split("\n");
    expect(lines).toHaveLength(cases.length);
    for (const [i, { shape, inArena, apart }] of cases.entries()) {
      expect(inArena.toString("base64"), shape.join("x")).toBe(lines[i]);
      expect(apart.toString("base64"), shape.join("x")).toBe(lines[i]);
    }
  });
});

it("adds floats in the same order with SIMD and without", () => {
  const shape: Zyx = [4, 6, 77];
  const arena = createArena(2 ** 20)!;
  const bytes = slabBytes(shape, "float32");
  const from: Slab = { ...takeRegion(arena, bytes)!, shape, dtype: "float32" };
  const voxels = viewVoxels("float32", regionBytes(from));
  // Of all magnitudes, infinite ones too: what is rounded away depends on the order.
  for (let i = 0; i < voxels.length; i++) {
    const sign = random.int(2) * 2 - 1;
    voxels[i] =
      random.int(50) === 0 ? sign * Infinity : sign * random.next() * 2 ** random.int(127);
  }
  const next: Zyx = [2, 3, 39];
  const size = slabBytes(next, "float32");
  const results = [from, copyOf(from)].map((source) => {
    const memory = source === from ? takeRegion(arena, size)! : wholeBuffer(new ArrayBuffer(size));
    const to: Slab = { ...memory, shape: next, dtype: "float32" };
    halveSlab({ from: source, planes: 4, to, at: 0, pairs: [0, 2], mode: "mean" });
    return [...viewVoxels("float32", regionBytes(to))];
  });
  expect(results[0]).toEqual(results[1]);
  expect(new Set(results[0]).size).toBeGreaterThan(90);
});

/** The same voxels where the kernels do not reach. */
function copyOf({ shape, dtype, ...region }: Slab): Slab {
  const buffer = new ArrayBuffer(region.bytes);
  new Uint8Array(buffer).set(regionBytes(region));
  return { ...wholeBuffer(buffer), shape, dtype };
}

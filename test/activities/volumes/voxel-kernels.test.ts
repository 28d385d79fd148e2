import { expect, it } from "vitest";
import { HALVE_KERNELS } from "../../../activities/volumes/kernels/halve-kernels-wasm.ts";
import { VOXEL_KERNELS } from "../../../activities/volumes/kernels/voxel-kernels-wasm.ts";
import { voxelKernels } from "../../../activities/volumes/kernels/voxel-kernels.ts";
import { createRandom } from "../../../domain/random.ts";
import { assembleKernels } from "../../support/assemble-kernels.ts";

const random = createRandom(11);
const noise = (n: number) => new Uint8Array(n).map(() => random.int(256));

it.each([
  ["voxel-kernels", VOXEL_KERNELS],
  ["halve-kernels", HALVE_KERNELS],
] as const)("has of %s what the text assembles to", async (name, module) => {
  expect(Buffer.from(module, "base64").equals(await assembleKernels(name))).toBe(true);
});

it.each([1, 2, 4] as const)("splits rows of voxels of %i bytes into planes", (size) => {
  const [rows, width, pitch, apart] = [5, 48, 64 * size + 8, 1000];
  const from = 4096;
  const kernels = voxelKernels(100_000);
  const bytes = noise(rows * pitch);
  new Uint8Array(kernels.memory).set(bytes, from);
  const split = { 1: kernels.split1, 2: kernels.split2, 4: kernels.split4 }[size];
  expect(split(from, pitch, rows, width, 0, apart)).not.toBe(0);
  for (let byte = 0; byte < size; byte++) {
    const found = new Uint8Array(kernels.memory, byte * apart, rows * width);
    const expected = Array.from(
      { length: rows * width },
      (_, i) => bytes[Math.floor(i / width) * pitch + (i % width) * size + byte]!,
    );
    expect([...found]).toEqual(expected);
  }
});

it.each([1, 2, 4] as const)("sees a single bit in voxels of %i bytes", (size) => {
  const kernels = voxelKernels(100_000);
  const memory = new Uint8Array(kernels.memory).fill(0);
  const split = { 1: kernels.split1, 2: kernels.split2, 4: kernels.split4 }[size];
  const pitch = 32 * size;
  // Between the rows there may be anything.
  for (let row = 0; row < 3; row++) memory[4096 + row * (pitch + 16) + pitch] = 1;
  const any = () => split(4096, pitch + 16, 3, 32, 0, 1000);
  expect(any()).toBe(0);
  for (const place of [0, pitch - 1, 2 * (pitch + 16) + pitch - 1]) {
    memory[4096 + place] = 128;
    expect(any()).not.toBe(0);
    memory[4096 + place] = 0;
  }
});

it.each([2, 4] as const)("joins planes of bytes into voxels of %i", (size) => {
  const [count, apart] = [53, 61];
  const kernels = voxelKernels(100_000);
  const bytes = noise(size * apart + 16);
  new Uint8Array(kernels.memory).set(bytes, 8192);
  (size === 2 ? kernels.join2 : kernels.join4)(8192, apart, count, 17);
  const found = new Uint8Array(kernels.memory, 17, count * size);
  const expected = Array.from(
    { length: count * size },
    (_, i) => bytes[(i % size) * apart + Math.floor(i / size)]!,
  );
  expect([...found]).toEqual(expected);
});

it("finds the range of bytes and counts them", () => {
  const kernels = voxelKernels(100_000);
  const bytes = noise(4096).map((byte) => 3 + (byte % 240));
  new Uint8Array(kernels.memory).fill(0).set(bytes, 16_384);
  kernels.range(16_384, 4096, 8);
  const ends = new Uint8Array(kernels.memory, 8, 32);
  const at = (lane: number) => bytes.filter((_, i) => i % 16 === lane);
  for (let lane = 0; lane < 16; lane++) {
    expect(ends[lane]).toBe(Math.min(...at(lane)));
    expect(ends[16 + lane]).toBe(Math.max(...at(lane)));
  }
  kernels.count(16_384, 4096, 1024);
  const counts = new Int32Array(kernels.memory, 1024, 1024);
  for (let byte = 0; byte < 256; byte++) {
    const total = [0, 1, 2, 3].reduce((sum, lane) => sum + counts[256 * lane + byte]!, 0);
    expect(total).toBe(bytes.filter((value) => value === byte).length);
  }
});

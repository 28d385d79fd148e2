import { expect, it } from "vitest";
import {
  type Arena,
  createArena,
  type Region,
  regionBytes,
  takeRegion,
  wholeBuffer,
} from "../../../activities/volumes/voxel-memory.ts";
import { encodeShard, shardMemory } from "../../../activities/volumes/voxel-tasks.ts";
import { createRandom } from "../../../domain/random.ts";
import { bytesPerVoxel } from "../../../domain/volumes/dtype.ts";
import { type Dtype, voxelCount, type Zyx } from "../../../domain/volumes/shape.ts";

const random = createRandom(3);

/** Voxels of which parts are noise of few or all bits, parts the same everywhere, parts zero. */
function specimen(bytes: Uint8Array, shape: Zyx, size: number): void {
  const bits = [0, 0xff, 0x3f, 0x07];
  for (let i = 0; i < bytes.length; i++) {
    const voxel = Math.floor(i / size);
    const x = voxel % shape[2];
    const y = Math.floor(voxel / shape[2]) % shape[1];
    const kind = (x >> 6) + 2 * (y >> 6);
    const mask = bits[kind % bits.length]!;
    if (mask !== 0) bytes[i] = i % size === size - 1 ? kind : random.int(256) & mask;
  }
}

/** Encodes the shards of a slab, in memory that `take` gives. */
function shardsOf(bytes: Uint8Array, shape: Zyx, dtype: Dtype, take: (n: number) => Region) {
  const [chunk, shard]: [Zyx, Zyx] = [
    [64, 64, 64],
    [64, 128, 128],
  ];
  const slab = { ...take(bytes.length), shape, dtype };
  regionBytes(slab).set(bytes);
  const memory = take(shardMemory({ chunk, shard }, dtype));
  const behind = take(64);
  const shards: (string | undefined)[] = [];
  for (let y = 0; y < shape[1]; y += 128) {
    for (let x = 0; x < shape[2]; x += 128) {
      const size: Zyx = [shape[0], Math.min(128, shape[1] - y), Math.min(128, shape[2] - x)];
      regionBytes(memory).fill(random.int(256)); // it is used again
      const found = encodeShard({ slab, part: { start: [0, y, x], size }, chunk, shard, memory });
      const stored = found && Buffer.from(regionBytes(memory).subarray(0, found.length));
      shards.push(stored?.toString("base64"));
    }
  }
  expect(regionBytes(behind).every((byte) => byte === 0)).toBe(true);
  return shards;
}

it.each([
  ["uint8", [64, 128, 128]],
  ["uint16", [64, 130, 200]],
  ["int16", [40, 64, 131]],
  ["float32", [64, 140, 90]],
] as const)("gives the same shards of %s in shared memory as apart", (dtype, shape) => {
  const bytes = new Uint8Array(voxelCount(shape) * bytesPerVoxel(dtype));
  specimen(bytes, shape, bytesPerVoxel(dtype));
  const apart = shardsOf(bytes, shape, dtype, (n) => wholeBuffer(new ArrayBuffer(n)));
  const from = (arena: Arena) => (n: number) =>
    takeRegion(arena, n) ?? wholeBuffer(new SharedArrayBuffer(n));
  expect(apart.some((shard) => shard !== undefined)).toBe(true);
  expect(shardsOf(bytes, shape, dtype, from(createArena(2 ** 26)!))).toEqual(apart);
  // Room for the voxels, but for the shard or what threads work with there is none.
  expect(shardsOf(bytes, shape, dtype, from(createArena(bytes.length + 64)!))).toEqual(apart);
  const memory = 16 * 2 ** 20;
  expect(shardsOf(bytes, shape, dtype, from(createArena(bytes.length + memory)!))).toEqual(apart);
});

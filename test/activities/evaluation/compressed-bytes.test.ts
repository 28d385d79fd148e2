import { expect, test } from "vitest";
import { compressedBytes } from "../../../activities/evaluation/compressed-bytes.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { createVolumeWriter } from "../../../activities/volumes/volume-writer.ts";
import { createRandom } from "../../../domain/random.ts";
import { fullBox } from "../../../domain/volumes/box.ts";
import type { Box, Zyx } from "../../../domain/volumes/shape.ts";

const SHAPE: Zyx = [70, 80, 130];

/** Noise in half of the volume, and nothing in the other half. */
function source() {
  const random = createRandom(1, "bytes");
  const [, y, x] = SHAPE;
  const voxels = Uint16Array.from({ length: SHAPE[0] * y * x }, (_, i) =>
    i % x < 65 ? 1000 + random.int(64) : 0,
  );
  return {
    shape: SHAPE,
    dtype: "uint16" as const,
    async *planes() {
      for (let z = 0; z < SHAPE[0]; z++) yield voxels.subarray(z * y * x, (z + 1) * y * x);
    },
  };
}

async function storedBytes(box: Box): Promise<number> {
  const store = createMemoryStore();
  const [[z0, z1], [y0, y1], [x0, x1]] = box;
  const shape: Zyx = [z1 - z0, y1 - y0, x1 - x0];
  const writer = createVolumeWriter(store, "v", { shape, dtype: "uint16" });
  let z = 0;
  for await (const plane of source().planes()) {
    if (z >= z0 && z < z1) {
      const part = new Uint16Array(shape[1] * shape[2]);
      for (let y = y0; y < y1; y++) {
        const at = y * SHAPE[2];
        part.set(plane.subarray(at + x0, at + x1), (y - y0) * shape[2]);
      }
      await writer.writePlane(part);
    }
    z++;
  }
  await writer.close();
  await writer.settle();
  let bytes = 0;
  for await (const { key, bytes: size } of store.list("v/c/")) if (key !== "") bytes += size;
  return bytes;
}

test("is what a store would hold, but for the shards' indices and the padding of chunks", async () => {
  const boxes: readonly Box[] = [
    fullBox(SHAPE),
    [[0, 64], [0, 64], [0, 64]], // prettier-ignore
    [[10, 70], [5, 69], [64, 128]], // prettier-ignore
  ];
  const found = await compressedBytes(source(), boxes);
  for (const [i, box] of boxes.entries()) {
    const stored = await storedBytes(box);
    expect(Math.abs(found[i]! - stored)).toBeLessThan(0.03 * stored + 200);
  }
  // Six bits of sixteen are noise in the second box; of the third, one column of 64 holds anything.
  expect(found[1]!).toBeGreaterThan(64 ** 3 * 0.75);
  expect(found[2]!).toBeLessThan(0.1 * found[1]!);
});

test("chunks of zeros take nothing", async () => {
  const [bytes] = await compressedBytes(source(), [[[0, 70], [0, 80], [66, 130]]]); // prettier-ignore
  expect(bytes).toBe(0);
});

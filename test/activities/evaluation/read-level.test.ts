import { expect, test } from "vitest";
import { readSourceLevel } from "../../../activities/evaluation/read-level.ts";
import type { Grid } from "../../../domain/volumes/shape.ts";
import { python } from "../../support/python.ts";
import { randomVoxels } from "../../support/random-volume.ts";

/** A source that hands out one plane's memory again and again, as sources do. */
function sourceOf({ shape, data }: Grid) {
  return {
    shape,
    async *planes() {
      const area = shape[1] * shape[2];
      const plane = new Int16Array(area);
      for (let z = 0; z < shape[0]; z++) {
        plane.set(data.subarray(z * area, (z + 1) * area));
        yield plane;
      }
    },
  };
}

test("a level is the mean of blocks, of what there is of them at the border, as numpy has it", async () => {
  const volume = randomVoxels([13, 70, 131], "int16");
  const level = await readSourceLevel(sourceOf(volume), 33);
  expect(level.shape).toEqual([4, 18, 33]);
  const expected = python<number[]>(
    `f = 4
v = v.astype(float)
pad = [(0, -n % f) for n in v.shape]
def blocks(a): 
    s = [n // f for n in a.shape]
    return a.reshape(s[0], f, s[1], f, s[2], f).sum((1, 3, 5))
out = blocks(np.pad(v, pad)) / blocks(np.pad(np.ones_like(v), pad))`,
    { v: volume },
  );
  const worst = Math.max(...level.data.map((value, i) => Math.abs(value - expected[i]!)));
  expect(worst).toBeLessThan(2e-3); // float32 of values up to 30,000
});

test("a scan that is small already is taken as it is", async () => {
  const volume = randomVoxels([3, 5, 7], "int16");
  const level = await readSourceLevel(sourceOf(volume), 128);
  expect(level.shape).toEqual([3, 5, 7]);
  expect([...level.data]).toEqual([...volume.data]);
});

test("no voxels are an error", async () => {
  const empty = { shape: [0, 4, 4], data: new Int16Array() } as const;
  await expect(readSourceLevel(sourceOf(empty), 8)).rejects.toThrow(/Expected voxels/);
});

import { expect, test } from "vitest";
import { AUGMENTATIONS } from "../../../domain/augmentation/augmentation-presets.ts";
import { InvalidInput } from "../../../domain/errors.ts";
import type { View } from "../../../domain/localization/view.ts";
import { createContrastiveSampler } from "../../../domain/pretexts/contrastive-sampler.ts";
import { createSliceSampler } from "../../../domain/pretexts/slice-sampler.ts";
import { createSliceStack } from "../../../domain/pretexts/slice-stack.ts";
import { createSortingSampler } from "../../../domain/pretexts/sorting-sampler.ts";
import { createWindowSampler } from "../../../domain/pretexts/window-sampler.ts";
import { createRandom } from "../../../domain/random.ts";
import type { Zyx } from "../../../domain/volumes/shape.ts";
import { ballView } from "../../support/views.ts";

const many = <T>(draw: (random: ReturnType<typeof createRandom>) => T, n = 600) => {
  const random = createRandom(1);
  return Array.from({ length: n }, () => draw(random));
};

/** Slice of a plane of a cube, whatever its axis. */
function sliceOf(plane: { start: number; rowStride: number; columnStride: number }, side: number) {
  const stride =
    plane.rowStride === side * side ? (plane.columnStride === side ? 1 : side) : side * side;
  return { slice: plane.start / stride, stride };
}

test("windows are centred on valid voxels, half of them where the energy is", () => {
  const side = 20;
  const view = ballView(side, 5, 1);
  const valid = Uint8Array.from(view.valid.data, (_, i) => +(i % side < 15));
  const pairs = many(
    createWindowSampler([{ ...view, valid: { ...view.valid, data: valid } }], { windowSize: 6 }),
  );
  const near = pairs.filter(({ first, row, column }) => {
    const { slice, stride } = sliceOf(first, side);
    const at =
      stride === 1
        ? [row, column, slice]
        : stride === side
          ? [row, slice, column]
          : [slice, row, column];
    expect(at[2]).toBeLessThan(15);
    return Math.hypot(...at.map((v) => v - 9.5)) < 7;
  });
  // A ball of radius 7 is 24 % of the valid voxels; half are there anyway.
  expect(near.length / pairs.length).toBeGreaterThan(0.5);
  expect(near.length / pairs.length).toBeLessThan(0.75);
});

test("a window's twin is at the same place in the same or a neighbouring slice, along every axis", () => {
  const side = 12;
  const pairs = many(createWindowSampler([ballView(side, 3, 1)], { windowSize: 6 }));
  const steps = pairs.map(({ first, twin }) => {
    const [a, b] = [sliceOf(first, side), sliceOf(twin, side)];
    expect(b.stride).toBe(a.stride);
    return b.slice - a.slice;
  });
  expect([...new Set(steps)].sort()).toEqual([-1, 0, 1].sort());
  expect(new Set(pairs.map(({ first }) => sliceOf(first, side).stride)).size).toBe(3);
});

test("views without valid voxels are skipped, and only such views are an error", () => {
  const view = ballView(8, 2, 1);
  const empty: View = { ...view, valid: { ...view.valid, data: new Uint8Array(512) } };
  const draw = createWindowSampler([empty, view], { windowSize: 4 });
  expect(many(draw, 20).every(({ first }) => first.data === view.values.data)).toBe(true);
  expect(() => createWindowSampler([empty], { windowSize: 4 })).toThrow(InvalidInput);
});

test("whole slices come from all axes, with twins within their share of the axis", () => {
  const side = 20;
  const pairs = many(createSliceSampler([ballView(side, 5, 1)], { imageSize: 20, twinRange: 0.1 }));
  const steps = pairs.map(
    ({ first, twin }) => sliceOf(twin, side).slice - sliceOf(first, side).slice,
  );
  expect([...new Set(steps)].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  expect(new Set(pairs.map(({ first }) => sliceOf(first, side).stride)).size).toBe(3);
});

test("a slice larger than its image is averaged, and fits with its proportions", () => {
  const shape: Zyx = [1, 4, 8];
  const data = Float32Array.from({ length: 32 }, (_, i) => i);
  const stack = createSliceStack({ shape, data }, 0, 4);
  const plane = stack.plane(0);
  expect([plane.rows, plane.columns, stack.scale]).toEqual([2, 4, 1]);
  expect(plane.data[0]).toBe((0 + 1 + 8 + 9) / 4);
  expect([stack.row, stack.column]).toEqual([0.5, 1.5]);
});

test("slices to be sorted are different ones of one view", () => {
  const views = [ballView(10, 3, 1), ballView(14, 3, 2)];
  const batches = many(
    createSortingSampler(views, {
      imageSize: 8,
      slicesPerBatch: 6,
      augmentation: AUGMENTATIONS.light,
    }),
    40,
  );
  for (const { images, positions } of batches) {
    expect(new Set(positions).size).toBe(6);
    expect(images.length).toBe(6 * 64);
    expect(images.every(Number.isFinite)).toBe(true);
  }
  expect(batches.some(({ positions }) => positions.some((p) => p >= 10))).toBe(true);
});

test("a view with fewer slices than asked for gives all it has, as often as needed", () => {
  const [batch] = many(
    createSortingSampler([ballView(5, 2, 1)], {
      imageSize: 8,
      slicesPerBatch: 12,
      augmentation: AUGMENTATIONS.light,
    }),
    1,
  );
  const { positions } = batch!;
  expect(positions).toHaveLength(12);
  expect(new Set(positions.slice(0, 5))).toEqual(new Set([0, 1, 2, 3, 4]));
  expect(new Set(positions.slice(5, 10))).toEqual(new Set([0, 1, 2, 3, 4]));
});

test("slices to be sorted come from the range of their view, where there is one", () => {
  const views = [ballView(10, 3, 1), ballView(14, 3, 2)];
  const ranges = [[2, 5], undefined] as const;
  const options = { imageSize: 8, slicesPerBatch: 3, augmentation: AUGMENTATIONS.none, ranges };
  const batches = many(createSortingSampler(views, options), 60).map(({ positions }) => positions);
  const narrow = batches.filter((positions) => positions.every((p) => p >= 2 && p < 5));
  expect(narrow.length).toBeGreaterThan(15);
  expect(Math.max(...batches.flat())).toBeGreaterThan(9);
  expect(() =>
    createSortingSampler([ballView(10, 3, 1)], { ...options, ranges: [[4, 5]] }),
  ).toThrow(InvalidInput);
});

test("two views of a slice differ by augmentation, or are of neighbours", () => {
  const view = ballView(20, 6, 1);
  const options = { imageSize: 20, batchSize: 4, twinRange: 0 };
  const same = createContrastiveSampler([view], { ...options, augmentation: AUGMENTATIONS.none });
  const [{ a, b }] = many(same, 1) as [{ a: Float32Array; b: Float32Array }];
  expect(a.length).toBe(4 * 400);
  expect(b).toEqual(a);
  const changed = createContrastiveSampler([view], {
    ...options,
    augmentation: AUGMENTATIONS.contrastive,
  });
  expect(many(changed, 1)[0]!.b).not.toEqual(many(changed, 1)[0]!.a);
  const near = createContrastiveSampler([view], {
    ...options,
    twinRange: 0.1,
    augmentation: AUGMENTATIONS.none,
  });
  expect(
    many(near, 4).some(
      ({ a, b }) => Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) !== 0,
    ),
  ).toBe(true);
});

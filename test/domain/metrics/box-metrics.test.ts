import { expect, it } from "vitest";
import { boxMetrics, specimenLost } from "../../../domain/metrics/box-metrics.ts";
import type { Box } from "../../../domain/volumes/shape.ts";

const shape = [20, 40, 50] as const;
const truth: Box = [
  [5, 15],
  [10, 30],
  [10, 20],
];

it("measures faces by hand: two voxels cut at z start, four of slack at x end", () => {
  const m = boxMetrics(
    [
      [7, 15],
      [10, 30],
      [10, 24],
    ],
    truth,
    shape,
  );
  expect(m.cut).toEqual([
    [2, 0],
    [0, 0],
    [0, -4],
  ]);
  expect(m.maePx).toBeCloseTo((2 + 4) / 6, 12);
  expect(m.relAxis).toBeCloseTo((1 / 20 + 0 + 2 / 50) / 3, 12);
  expect(m.relSide).toBeCloseTo((1 / 10 + 0 + 2 / 10) / 3, 12);
  expect(m.worstFace).toBe(4);
  expect(m.boxLost).toBeCloseTo(2 / 10, 12);
  expect(m.kept).toBeCloseTo((8 * 20 * 14) / 40000, 12);
  expect(m.iou).toBeCloseTo(1600 / (2000 + 2240 - 1600), 12);
});

it("is perfect for the truth and hopeless for a box elsewhere", () => {
  expect(boxMetrics(truth, truth, shape)).toMatchObject({ maePx: 0, boxLost: 0, iou: 1 });
  expect(
    boxMetrics(
      [
        [0, 5],
        [0, 10],
        [0, 10],
      ],
      truth,
      shape,
    ),
  ).toMatchObject({ boxLost: 1, iou: 0 });
});

it("counts the specimen's voxels that fall outside", () => {
  const data = new Uint8Array(27);
  data.set([1, 1, 1, 1], 13); // the middle voxel and the three after it
  const specimen = { shape: [3, 3, 3] as const, data };
  expect(
    specimenLost(
      [
        [1, 2],
        [1, 2],
        [1, 3],
      ],
      specimen,
    ),
  ).toBe(0.5);
  expect(
    specimenLost(
      [
        [0, 3],
        [0, 3],
        [0, 3],
      ],
      specimen,
    ),
  ).toBe(0);
  expect(
    specimenLost(
      [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
      { ...specimen, data: new Uint8Array(27) },
    ),
  ).toBe(0);
});

import { PNG } from "pngjs";
import type { Axis, Box, Grid, Interval } from "../../domain/volumes/shape.ts";
import { percentiles } from "../../domain/volumes/statistics.ts";

/** The axes that are seen when looking along one: rows, columns. */
const VIEWS: readonly (readonly [along: Axis, rows: Axis, columns: Axis])[] = [
  [0, 1, 2],
  [1, 0, 2],
  [2, 0, 1],
];
/** Pixels between two slices. */
const GAP = 2;
/** Shares of the pixels that are drawn black and white. */
const WINDOW = [0.01, 0.995] as const;
const OUTLINE = [255, 170, 0] as const;

/**
 * A picture of a scan as PNG: slices across z, y and x side by side, through the middle of `hull`
 * (without one, of the scan), with the outlines of `boxes`. z and y go down, x and y right.
 */
export function preview(scan: Grid, boxes: readonly Box[], hull: Box | undefined): Uint8Array {
  const { shape } = scan;
  const slices = VIEWS.map(([along, rows, columns]) => {
    const [from, to] = hull?.[along] ?? [0, shape[along]];
    const index = Math.floor((from + to - 1) / 2);
    const frames = boxes
      .filter((box) => box[along][0] <= index && index < box[along][1])
      .map((box) => [box[rows], box[columns]] as const);
    return { ...cut(scan, [along, rows, columns], index), frames };
  });
  const width = slices.reduce((sum, slice) => sum + slice.width, GAP * (slices.length - 1));
  const height = Math.max(...slices.map((slice) => slice.height));
  const [lo = 0, hi = 0] = percentiles(
    Float32Array.from(slices.flatMap(({ data }) => [...data])),
    WINDOW,
  );
  const scale = 255 / Math.max(1e-9, hi - lo);
  const png = new PNG({ width, height, colorType: 2 });
  png.data.fill(255);
  let left = 0;
  for (const { data, frames, ...slice } of slices) {
    data.forEach((value, i) => {
      const [row, column] = [Math.floor(i / slice.width), i % slice.width];
      const grey = Math.min(255, Math.max(0, Math.round((value - lo) * scale)));
      const isFrame = frames.some((frame) => isEdge(frame, row, column));
      png.data.set(isFrame ? OUTLINE : [grey, grey, grey], 4 * (row * width + left + column));
    });
    left += slice.width + GAP;
  }
  return PNG.sync.write(png, { colorType: 2 });
}

/** One slice, rows by columns. */
function cut(
  { shape, data }: Grid,
  [along, rows, columns]: readonly [Axis, Axis, Axis],
  index: number,
) {
  const [height, width] = [shape[rows], shape[columns]];
  const step = [shape[1] * shape[2], shape[2], 1] as const;
  const slice = new Float32Array(height * width);
  for (let i = 0; i < slice.length; i++) {
    const [row, column] = [Math.floor(i / width), i % width];
    slice[i] = data[index * step[along] + row * step[rows] + column * step[columns]]!;
  }
  return { height, width, data: slice };
}

/** Whether a pixel is the first or last of a rectangle's in its row or column. */
function isEdge(
  [[r0, r1], [c0, c1]]: readonly [Interval, Interval],
  row: number,
  column: number,
): boolean {
  if (row < r0 || row >= r1 || column < c0 || column >= c1) return false;
  return row === r0 || row === r1 - 1 || column === c0 || column === c1 - 1;
}

import { PNG } from "pngjs";
import { fullBox } from "../../domain/volumes/box.ts";
import type { Box, Grid, Interval } from "../../domain/volumes/shape.ts";
import { percentiles } from "../../domain/volumes/statistics.ts";

/** Rows by columns of grey values. */
export interface Image {
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/**
 * Maximum projections along z, y and x: `[y, x]`, `[z, x]` and `[z, y]`. One pass over the voxels;
 * what is not a finite number is not seen.
 *
 * With a box, each projection goes through the box's depth along its own axis only, over the whole
 * width and height of the volume: a wall in front of the specimen does not hide it.
 */
export function maxProjections(
  { shape: [z, y, x], data }: Grid,
  through: Box = fullBox([z, y, x]),
): readonly [Image, Image, Image] {
  const [[z0, z1], [y0, y1], [x0, x1]] = through;
  const alongZ = blank(y, x);
  const alongY = blank(z, x);
  const alongX = blank(z, y);
  for (let k = 0, at = 0; k < z; k++) {
    const inZ = k >= z0 && k < z1;
    for (let j = 0; j < y; j++) {
      const inY = j >= y0 && j < y1;
      let row = -Infinity;
      for (let i = 0; i < x; i++, at++) {
        const value = data[at]!;
        if (!Number.isFinite(value)) continue;
        if (inZ && value > alongZ.data[j * x + i]!) alongZ.data[j * x + i] = value;
        if (inY && value > alongY.data[k * x + i]!) alongY.data[k * x + i] = value;
        if (value > row && i >= x0 && i < x1) row = value;
      }
      alongX.data[k * y + j] = row;
    }
  }
  return [alongZ, alongY, alongX];
}

/** Shares of the pixels that are drawn black and white, so that a few extreme ones do not grey the rest. */
const WINDOW = [0.01, 0.998] as const;

/** Rows and columns of an image, half-open. */
export interface Frame {
  readonly rows: Interval;
  readonly columns: Interval;
}

/**
 * An image as an 8-bit PNG data URI, its values stretched from the darkest to the brightest percent
 * of its pixels, or of those in the frame: what is of interest gets the greys.
 */
export function toDataUri(image: Image, frame?: Frame): string {
  const { width, height, data } = image;
  const { rows, columns } = frame ?? { rows: [0, height], columns: [0, width] };
  const finite = data.filter((value, at) => {
    const [row, column] = [Math.floor(at / width), at % width];
    const inside = row >= rows[0] && row < rows[1] && column >= columns[0] && column < columns[1];
    return inside && Number.isFinite(value);
  });
  const [lo = 0, hi = 0] = percentiles(finite, WINDOW);
  const scale = hi > lo ? 255 / (hi - lo) : 0;
  const png = new PNG({ width, height, colorType: 0, inputColorType: 0, inputHasAlpha: false });
  png.data = Buffer.alloc(width * height);
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    png.data[i] = Number.isFinite(value)
      ? Math.min(255, Math.max(0, Math.round((value - lo) * scale)))
      : 0;
  }
  const bytes = PNG.sync.write(png, { colorType: 0, inputColorType: 0, inputHasAlpha: false });
  return `data:image/png;base64,${bytes.toString("base64")}`;
}

function blank(height: number, width: number): Image {
  return { height, width, data: new Float32Array(height * width).fill(-Infinity) };
}

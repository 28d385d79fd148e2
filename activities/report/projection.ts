import { PNG } from "pngjs";
import type { Grid } from "../../domain/volumes/shape.ts";
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
 */
export function maxProjections({ shape: [z, y, x], data }: Grid): readonly [Image, Image, Image] {
  const alongZ = blank(y, x);
  const alongY = blank(z, x);
  const alongX = blank(z, y);
  for (let k = 0, at = 0; k < z; k++) {
    for (let j = 0; j < y; j++) {
      let row = -Infinity;
      for (let i = 0; i < x; i++, at++) {
        const value = data[at]!;
        if (!Number.isFinite(value)) continue;
        if (value > alongZ.data[j * x + i]!) alongZ.data[j * x + i] = value;
        if (value > alongY.data[k * x + i]!) alongY.data[k * x + i] = value;
        if (value > row) row = value;
      }
      alongX.data[k * y + j] = row;
    }
  }
  return [alongZ, alongY, alongX];
}

/** Shares of the pixels that are drawn black and white, so that a few extreme ones do not grey the rest. */
const WINDOW = [0.01, 0.998] as const;

/** An image as an 8-bit PNG data URI, its values stretched from the darkest to the brightest percent. */
export function toDataUri(image: Image): string {
  const { width, height, data } = image;
  const finite = data.filter(Number.isFinite);
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

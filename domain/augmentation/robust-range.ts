import { quantile } from "../volumes/median.ts";
import type { Ends } from "./ends.ts";

/** So many pixels tell the percentiles of an image well enough. */
const SAMPLE = 2048;

/** An image's first and 99th percentile, from every n-th pixel of a large one. */
export function robustRange(image: Float32Array): Ends {
  // An odd step, so that it walks through all columns of an even-sided image.
  const step = Math.max(1, Math.floor(image.length / SAMPLE) | 1);
  const sample = new Float64Array(Math.ceil(image.length / step));
  for (let i = 0; i < sample.length; i++) sample[i] = image[i * step]!;
  return [quantile(sample, 0.01), quantile(sample, 0.99)];
}

import type { Ends } from "./ends.ts";

/**
 * Invert, between the ends, what is brighter than a share of the range. An image without a range
 * stays. In place.
 */
export function solarize(image: Float32Array, [low, high]: Ends, threshold: number): void {
  if (!(high > low)) return;
  const level = low + threshold * (high - low);
  for (let i = 0; i < image.length; i++) {
    if (image[i]! > level) image[i] = low + high - image[i]!;
  }
}

import type { Ends } from "./ends.ts";

/**
 * `((v - low) / (high - low))^gamma` between the ends, continued beyond the bright one; below the
 * dark one values stay. An image without a range stays. In place.
 */
export function adjustGamma(image: Float32Array, [low, high]: Ends, gamma: number): void {
  const range = high - low;
  if (!(range > 0)) return;
  for (let i = 0; i < image.length; i++) {
    const share = (image[i]! - low) / range;
    if (share > 0) image[i] = low + range * share ** gamma;
  }
}

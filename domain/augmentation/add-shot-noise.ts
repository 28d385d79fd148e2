import type { Ends } from "./ends.ts";

/**
 * Add noise whose variance is proportional to the signal, counted from the dark end, where there is
 * none; at the bright end its standard deviation is `sd`: Poisson noise of many photons. An image
 * without a range stays. In place.
 *
 * @param normals - one normal number per pixel
 */
export function addShotNoise(
  image: Float32Array,
  [low, high]: Ends,
  sd: number,
  normals: Float32Array,
): void {
  if (!(high > low)) return;
  for (let i = 0; i < image.length; i++) {
    const signal = Math.max(0, (image[i]! - low) / (high - low));
    image[i]! += sd * Math.sqrt(signal) * normals[i]!;
  }
}

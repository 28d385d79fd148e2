import type { Ends } from "./ends.ts";

/** A display window; both as shares of an image's range, the centre from its dark end. */
export interface Window {
  readonly centre: number;
  readonly width: number;
}

/**
 * Look at an image through a window as viewers have it: clip to it, then stretch what is inside to
 * the old ends. An image without a range stays. In place.
 */
export function applyWindow(
  image: Float32Array,
  [low, high]: Ends,
  { centre, width }: Window,
): void {
  const range = high - low;
  if (!(range > 0)) return;
  const start = low + (centre - width / 2) * range;
  for (let i = 0; i < image.length; i++) {
    const share = (image[i]! - start) / (width * range);
    image[i] = low + range * Math.min(Math.max(share, 0), 1);
  }
}

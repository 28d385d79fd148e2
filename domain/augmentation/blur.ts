import { gaussian } from "../volumes/gaussian.ts";

/** Blur an image with a Gaussian of `sigma` pixels; see `gaussian`. In place. */
export function blur(image: Float32Array, size: number, sigma: number): void {
  image.set(gaussian({ shape: [1, size, size], data: image }, sigma).data);
}

import type { Random } from "../random.ts";
import { ANGLES, radians } from "./angles.ts";
import type { Plane } from "./plane.ts";
import { samplePlane } from "./sample-plane.ts";
import type { Stencil } from "./stencil.ts";

/** Two images of nearly the same, not yet turned: the same place in two slices of one view. */
export interface Pair {
  readonly first: Plane;
  readonly twin: Plane;
  /** What comes to the images' centres, in rows and columns of the planes. */
  readonly row: number;
  readonly column: number;
  /** Pixels of the planes per pixel of the images. */
  readonly scale: number;
}

export interface RotatedPairs {
  /** `[2n, size, size, 1]`: the first images of all pairs, then their twins. */
  readonly images: Float32Array;
  /** By how much each twin is turned further, index into `ANGLES`. */
  readonly classes: readonly number[];
}

/**
 * Turn pairs: both images by one random angle, the twin by one of seven angles more. Both go
 * through the same interpolation, so that blur says less about which was turned. One random zoom
 * per pair, and one random gain per image, so that size and brightness say nothing.
 *
 * @param allowed - the classes to draw from
 */
export function rotatePairs(
  pairs: readonly Pair[],
  stencil: Stencil,
  random: Random,
  allowed: readonly number[] = ANGLES.map((_, i) => i),
): RotatedPairs {
  const area = stencil.size ** 2;
  const images = new Float32Array(2 * pairs.length * area);
  const classes = pairs.map(({ first, twin, row, column, scale }, n) => {
    const angle = random.uniform(0, 2 * Math.PI);
    const kind = allowed[random.int(allowed.length)]!;
    const zoom = random.uniform(0.9, 1.15);
    const pose = { row, column, scale: scale / zoom };
    const gain = () => random.uniform(0.9, 1.1);
    samplePlane(first, stencil, { ...pose, angle, gain: gain() }, images, n * area);
    samplePlane(
      twin,
      stencil,
      { ...pose, angle: angle + radians(ANGLES[kind]!), gain: gain() },
      images,
      (pairs.length + n) * area,
    );
    return kind;
  });
  return { images, classes };
}

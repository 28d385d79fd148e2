import type { Plane } from "../pretexts/plane.ts";
import type { Random } from "../random.ts";
import { addNoise } from "./add-noise.ts";
import { addRings } from "./add-rings.ts";
import { addShotNoise } from "./add-shot-noise.ts";
import { addStreaks } from "./add-streaks.ts";
import { adjustGamma } from "./adjust-gamma.ts";
import { affineMap } from "./affine-map.ts";
import type { Place } from "./affine-map.ts";
import { applyWindow } from "./apply-window.ts";
import type { AugmentationConfig } from "./augmentation-config.ts";
import { blur } from "./blur.ts";
import { checkAugmentation } from "./check-augmentation.ts";
import { cutOut } from "./cut-out.ts";
import { drawHole, drawRing, drawStreak } from "./draw-artefacts.ts";
import { drawMotion } from "./draw-motion.ts";
import { fillNormals } from "./fill-normals.ts";
import { happens } from "./happens.ts";
import { lowResolution } from "./low-resolution.ts";
import { createWarper } from "./create-warper.ts";
import { robustRange } from "./robust-range.ts";
import { solarize } from "./solarize.ts";

/**
 * Takes an image from a plane and changes it by chance: the same random numbers make the same image.
 * Writes `[size, size]` into `out` from `offset` on. `place` says how the plane lies under an image
 * that nothing happens to; its row and column are taken to be the scan's axis of rotation.
 */
export type Augmenter = (
  plane: Plane,
  place: Place,
  random: Random,
  out: Float32Array,
  offset: number,
) => void;

/**
 * Set up augmentation for images of `imageSize²` pixels. One augmenter is for one thread: it keeps
 * memory between images.
 *
 * Throws `InvalidInput` for parameters out of their bounds.
 */
export function createAugmenter(
  config: AugmentationConfig,
  { imageSize: size }: { readonly imageSize: number },
): Augmenter {
  checkAugmentation(config);
  const warp = createWarper(config, size);
  const normals = new Float32Array(size * size);
  const between = ([lo, hi]: readonly [number, number], random: Random) =>
    lo + random.int(hi - lo + 1);
  return (plane, place, random, out, offset) => {
    const image = out.subarray(offset, offset + size * size);
    const several = <T>(count: readonly [number, number], draw: () => T) =>
      Array.from({ length: between(count, random) }, draw);
    const { crop, affine, blur: blurring, lowResolution: coarse } = config;
    const map = affineMap(place, drawMotion(affine, crop, size, random));
    warp(plane, map, random, image);

    if (happens(blurring, random)) blur(image, size, random.uniform(...blurring.sigma));
    if (happens(coarse, random)) lowResolution(image, size, between(coarse.factor, random));
    const { shotNoise, ring, streak, noise } = config;
    if (happens(shotNoise, random)) {
      const sd = random.uniform(...shotNoise.sd);
      fillNormals(random, normals);
      addShotNoise(image, robustRange(image), sd, normals);
    }
    if (happens(ring, random)) {
      const rings = several(ring.count, () => drawRing(ring, size, place.scale, random));
      addRings(image, size, map, place, rings);
    }
    if (happens(streak, random)) {
      const source = { row: random.uniform(0, size), column: random.uniform(0, size) };
      const streaks = several(streak.count, () => drawStreak(streak, random));
      addStreaks(image, size, source, streaks);
    }
    if (happens(noise, random)) {
      const sd = random.uniform(...noise.sd);
      fillNormals(random, normals);
      addNoise(image, sd, normals);
    }

    const { window, gamma, solarize: inversion, intensity, cutout } = config;
    if (happens(window, random)) {
      const centre = 0.5 + random.uniform(-window.shift, window.shift);
      const width = random.uniform(...window.width);
      applyWindow(image, robustRange(image), { centre, width });
    }
    if (happens(gamma, random)) {
      adjustGamma(image, robustRange(image), random.uniform(...gamma.gamma));
    }
    if (happens(inversion, random)) {
      solarize(image, robustRange(image), random.uniform(...inversion.threshold));
    }
    if (happens(intensity, random)) {
      const gain = random.uniform(...intensity.gain);
      const shift = random.uniform(...intensity.offset);
      for (let i = 0; i < image.length; i++) image[i] = gain * image[i]! + shift;
    }
    if (happens(cutout, random)) {
      const holes = several(cutout.count, () => drawHole(cutout, size, random));
      cutOut(image, size, holes);
    }
  };
}

import { boxIou } from "../volumes/box.ts";
import { boundingBox } from "../volumes/bounding-box.ts";
import { components } from "../volumes/components.ts";
import { gaussian } from "../volumes/gaussian.ts";
import { median, robustSd } from "../volumes/median.ts";
import { otsu } from "../volumes/otsu.ts";
import type { Box, Grid, Mask, Zyx } from "../volumes/shape.ts";
import { mainPieces } from "./main-pieces.ts";
import { placeBox } from "./place.ts";
import type { Place } from "./place.ts";
import { sliceQuantiles } from "./slice-quantiles.ts";
import type { View } from "./view.ts";

/** What the energy of a view says about where the specimen is. */
export interface EnergyLocalization {
  /** At level 0; undefined when nothing stands out. */
  readonly box: Box | undefined;
  /** In voxels of the view. */
  readonly mask: Mask;
  /** Local energy in units of the view's spread squared, 0 where the view is not valid. */
  readonly map: Grid<Float32Array>;
  /** Per axis z, y, x: the 97th percentile of the energy in each slice of the view. */
  readonly profiles: readonly [Float64Array, Float64Array, Float64Array];
  /** How far the specimen's mean energy is above the background's, in its robust deviations. */
  readonly contrast: number;
  /** Connected pieces that the mask is made of. */
  readonly pieces: number;
  /** How little the box depends on the threshold, 0 to 1: overlap of a stricter and a laxer one. */
  readonly stability: number;
}

/** Below this contrast what stands out is what noise alone gives. */
export const LEAST_CONTRAST = 6;

/**
 * Find the specimen without labels and without training: where the view differs from its
 * background, in energy over neighbourhoods of a twenty-fifth of the view.
 *
 * The lowest of three classes of energy is background. The largest piece of the rest, and pieces
 * a fifth of its energy or more, are the core; it grows over everything connected to it that
 * stands out of the noise by itself, so that thin parts are not cut. Errs towards too large.
 */
export function energyLocalizer(view: View, place: Place): EnergyLocalization {
  const { valid } = view;
  const fine = gaussian(view.values, 0.7).data;
  const energy = gaussian(
    { shape: valid.shape, data: fine.map((v, i) => v * v * valid.data[i]!) },
    neighbourhood(valid.shape),
  ).data.map((e, i) => e * valid.data[i]!);
  const map: Grid<Float32Array> = { shape: valid.shape, data: energy };
  const inside = energy.filter((_, i) => valid.data[i] === 1);
  const profiles = sliceQuantiles(map, 0.97);
  const nothing: EnergyLocalization = {
    box: undefined,
    mask: { shape: valid.shape, data: new Uint8Array(energy.length) },
    map,
    profiles,
    contrast: 0,
    pieces: 0,
    stability: 0,
  };
  const threshold = otsu(inside, 3).thresholds[0];
  if (threshold === undefined) return nothing;

  const above: Mask = {
    shape: valid.shape,
    data: Uint8Array.from(energy, (e) => +(e > threshold)),
  };
  const core = mainPieces(above, energy, 0.2);
  const contrast = contrastOf(energy, core.mask, inside);
  if (!(contrast >= LEAST_CONTRAST)) return { ...nothing, contrast };
  const mask = grow(core.mask, view, fine);
  const box = boundingBox(mask);
  if (box === undefined) return { ...nothing, contrast };
  const strict = boxAbove(map, 1.3 * threshold);
  const lax = boxAbove(map, threshold / 1.3);
  return {
    box: placeBox(box, valid.shape, view.bin, place),
    mask,
    map,
    profiles,
    contrast,
    pieces: core.pieces,
    stability: strict && lax ? boxIou(strict, lax) : 0,
  };
}

/** 2.6 voxels in a view of 64, and the same share of smaller and larger ones, within reason. */
function neighbourhood(shape: Zyx): number {
  return Math.min(Math.max((2.6 * median(shape)) / 64, 0.8), 5.2);
}

function boxAbove({ shape, data }: Grid<Float32Array>, threshold: number): Box | undefined {
  const above = Uint8Array.from(data, (e) => +(e > threshold));
  return boundingBox(mainPieces({ shape, data: above }, data, 0.2).mask);
}

function contrastOf(energy: Float32Array, core: Mask, inside: Float32Array): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < energy.length; i++) {
    if (core.data[i] === 0) continue;
    sum += energy[i]!;
    count++;
  }
  if (count === 0) return 0;
  const background = median(inside);
  // The floor is for backgrounds that are exactly constant.
  return (sum / count - background) / Math.max(robustSd(inside, background), 1e-3);
}

/**
 * Everything that stands out of the noise and hangs together with the core: by 4 deviations where
 * blurred, by 3.5 voxel by voxel for legs and bristles that the blur would drown. The floors are
 * for backgrounds without noise.
 */
function grow(core: Mask, view: View, fine: Float32Array): Mask {
  const { values, valid } = view;
  const leastFine = Math.max(4 * spreadWithin(valid, fine), 1);
  const leastRaw = Math.max(3.5 * spreadWithin(valid, values.data), 1.5);
  const candidate = Uint8Array.from(core.data, (inCore, i) => {
    const stands = Math.abs(fine[i]!) > leastFine || Math.abs(values.data[i]!) > leastRaw;
    return +(inCore === 1 || (valid.data[i] === 1 && stands));
  });
  const { labels, sizes } = components({ shape: core.shape, data: candidate });
  const chosen = new Uint8Array(sizes.length);
  for (let i = 0; i < labels.length; i++) if (core.data[i] === 1) chosen[labels[i]!] = 1;
  return { shape: core.shape, data: Uint8Array.from(labels, (l) => (l > 0 ? chosen[l]! : 0)) };
}

/** Deviation from 0, the background's level in a view, of the bulk of the valid voxels. */
function spreadWithin(valid: Mask, values: Float32Array): number {
  return robustSd(
    values.filter((_, i) => valid.data[i] === 1),
    0,
  );
}

import { median, medianLine, robustSd } from "../../volumes/median.ts";
import type { Grid, Mask } from "../../volumes/shape.ts";
import type { Steps } from "../steps.ts";
import type { FoundContainer } from "./container.ts";
import { maskContainer } from "./container-mask.ts";
import { grain, lagOneCorrelation } from "./grain.ts";

/** A level without its container: what differs from the medium, and where that can be known. */
export interface Suppressed {
  /** Grey level minus the medium's, in units of the noise. Where not valid: noise of the same kind. */
  readonly residual: Grid<Float32Array>;
  /** 0 for wall, air, bubbles and slices without medium. */
  readonly valid: Mask;
  /** Standard deviation of the medium's noise, in grey levels. */
  readonly noise: number;
}

/**
 * Mask a container that is full of medium, with the air around and in it, and even out the medium:
 * beam profile and plug (median per slice) and rings (median per distance from the middle of the
 * field of view).
 *
 * What is masked is filled with synthetic noise of the medium's spread and graininess, the same for
 * the same `seed`: a flat fill would itself show where things are.
 */
export function* suppressContainer(
  level: Grid,
  smooth: Grid<Float32Array>,
  container: FoundContainer,
  seed: number,
): Steps<Suppressed> {
  const [z, y, x] = level.shape;
  const { air = 0, wall } = container;
  const residual = Float32Array.from(level.data);
  const { valid, radius, inside } = maskContainer(smooth, container);

  yield { fraction: 0.2, note: "even out slices" };
  subtractSliceMedians(residual, valid.data, inside, y * x);
  yield { fraction: 0.4, note: "even out rings" };
  for (let k = 0; k < z; k += SLAB) {
    subtractRings(residual, valid.data, y, x, k, Math.min(k + SLAB, z));
  }

  yield { fraction: 0.6, note: "measure noise" };
  const rim: number[] = [];
  const all: number[] = [];
  for (let i = 0; i < residual.length; i++) {
    if (valid.data[i] === 0) continue;
    all.push(residual[i]!);
    if (radius[i]! > 0.6 * (wall?.outerRadius ?? 0)) rim.push(residual[i]!);
  }
  const bulk = rim.length > 100 ? rim : all;
  // A medium without any noise (synthetic data) still needs a unit.
  const noise = Math.max(robustSd(bulk.length > 0 ? bulk : [0]), 1e-3 * Math.abs(air), 1e-12);
  const fill = grain(level.shape, lagOneCorrelation(residual, valid.data, x, noise), seed);
  for (let i = 0; i < residual.length; i++) {
    residual[i] = valid.data[i] === 1 ? residual[i]! / noise : fill[i]!;
  }
  return { residual: { shape: level.shape, data: residual }, valid, noise };
}
/** Slices over which rings are taken as constant. */
const SLAB = 16;

/** Slices with less than 30 % of the tube valid (caps of air) become invalid as a whole. */
function subtractSliceMedians(
  residual: Float32Array,
  valid: Uint8Array,
  inside: Int32Array,
  size: number,
): void {
  const medians = Array.from(inside, (available, k) => {
    const slice: number[] = [];
    for (let i = k * size; i < (k + 1) * size; i++) if (valid[i] === 1) slice.push(residual[i]!);
    if (slice.length > 0 && slice.length >= 0.3 * available) return median(slice);
    valid.fill(0, k * size, (k + 1) * size);
    return undefined;
  });
  for (let k = 0; k < medians.length; k++) {
    const level = medians[k];
    if (level === undefined) continue;
    for (let i = k * size; i < (k + 1) * size; i++) residual[i]! -= level;
  }
}

function subtractRings(
  residual: Float32Array,
  valid: Uint8Array,
  y: number,
  x: number,
  from: number,
  to: number,
): void {
  const ringOf = new Int32Array(y * x);
  let count = 0;
  for (let j = 0, i = 0; j < y; j++) {
    for (let l = 0; l < x; l++, i++) {
      ringOf[i] = Math.round(Math.hypot(j - (y - 1) / 2, l - (x - 1) / 2));
      count = Math.max(count, ringOf[i]! + 1);
    }
  }
  const rings: number[][] = Array.from({ length: count }, () => []);
  for (let i = from * y * x; i < to * y * x; i++) {
    if (valid[i] === 1) rings[ringOf[i % (y * x)]!]!.push(residual[i]!);
  }
  // Near the middle a ring has too few voxels to be told from the specimen.
  const profile = rings.map((ring, r) => (r >= 6 && ring.length > 60 ? median(ring) : 0));
  const broad = medianLine(profile, 9);
  for (let i = from * y * x; i < to * y * x; i++) {
    const r = ringOf[i % (y * x)]!;
    residual[i]! -= profile[r]! - broad[r]!;
  }
}

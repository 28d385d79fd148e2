import { CorruptData, InvalidInput } from "../errors.ts";
import { bin } from "../volumes/bin.ts";
import { gaussian } from "../volumes/gaussian.ts";
import { median, quantile, robustSd } from "../volumes/median.ts";
import type { Grid, Mask } from "../volumes/shape.ts";
import { findContainer } from "./container.ts";
import type { Container } from "./container.ts";
import { part } from "./steps.ts";
import type { Steps } from "./steps.ts";
import { suppressTube } from "./suppress-tube.ts";
import type { View } from "./view.ts";

export interface ViewOptions {
  /** Voxels of the level per voxel of the view, per axis. @default 2 */
  readonly bin?: number;
  /** `none` does not look for a container at all. @default "auto" */
  readonly container?: "auto" | "none";
  /** Of the noise that fills what is masked. @default 0 */
  readonly seed?: number;
}

/** What was found and done, for the record; plain JSON, lengths in voxels of the working level. */
export interface ContainerReport {
  readonly kind: Container["kind"];
  /** In words: what was found, or why nothing was. */
  readonly reason: string;
  readonly outerRadius?: number;
  readonly innerRadius?: number;
  /** Grey level of medium or air, and the spread of its noise; `noise` has a floor where it is 0. */
  readonly background?: number;
  readonly noise: number;
  /** Share of the view that is masked, 0 to 1. */
  readonly maskedFraction: number;
}

/** View values end here: a bright speck shall not outweigh a specimen. */
const [LOWEST, HIGHEST] = [-4, 6];

/**
 * Make of the working level what localization looks at.
 *
 * With a tube, values are distances from the medium in units of the view's spread. Without one,
 * the commonest grey level is the background, and values are the inverse hyperbolic sine of the
 * distance from it in units of its noise: linear near the background, logarithmic far from it, so
 * that thin skin shows although bone is a hundred times brighter. Nothing is masked then.
 * Throws `CorruptData` for voxels that are not numbers.
 */
export function* createView(
  level: Grid,
  { bin: factor = 2, container = "auto", seed = 0 }: ViewOptions = {},
): Steps<{ view: View; container: ContainerReport }> {
  if (level.data.length === 0) throw new InvalidInput(`Expected voxels, got shape ${level.shape}`);
  if (!level.data.every(Number.isFinite)) {
    throw new CorruptData(`Expected numbers, got NaN or infinite voxels in a level ${level.shape}`);
  }
  yield { fraction: 0, note: "look for a container" };
  const smooth = gaussian(level, 1.5);
  const found: Container =
    container === "none"
      ? { kind: "none", reason: "Not looked for" }
      : findContainer(level, smooth);

  if (found.kind === "none") {
    yield { fraction: 0.7, note: "no container" };
    return plainView(bin(level, factor), factor, found.reason);
  }
  yield { fraction: 0.4, note: "suppress the container" };
  const { residual, valid, noise } = yield* part(
    suppressTube(level, smooth, found, seed),
    0.4,
    0.9,
  );
  yield { fraction: 0.9, note: "bin" };
  const binned = bin(residual, factor);
  const share = bin(valid, factor);
  const mask = Uint8Array.from(share.data, (v) => (v > 0.5 ? 1 : 0));
  const spread = robustSd(binned.data) || 1;
  return {
    view: {
      values: clip(binned, (v) => v / spread),
      valid: { shape: binned.shape, data: mask },
      bin: factor,
    },
    container: {
      kind: "tube",
      reason: found.reason,
      outerRadius: found.outerRadius,
      innerRadius: found.innerRadius,
      noise,
      maskedFraction: 1 - mask.reduce((sum, v) => sum + v, 0) / mask.length,
    },
  };
}

function plainView(binned: Grid<Float32Array>, factor: number, reason: string) {
  const { level, noise } = background(binned);
  const valid: Mask = { shape: binned.shape, data: new Uint8Array(binned.data.length).fill(1) };
  const view: View = {
    values: clip(binned, (v) => Math.asinh((v - level) / noise)),
    valid,
    bin: factor,
  };
  const container: ContainerReport = {
    kind: "none",
    reason,
    background: level,
    noise,
    maskedFraction: 0,
  };
  return { view, container };
}

/** The commonest grey level, and the spread around it without what is far from it. */
function background({ data }: Grid<Float32Array>): { level: number; noise: number } {
  const [lo, hi] = [quantile(data, 0.001), quantile(data, 0.999)];
  if (!(hi > lo)) return { level: lo, noise: 1 };
  const bins = 128;
  const width = (hi - lo) / bins;
  const count = new Float64Array(bins);
  for (const v of data) count[Math.min(bins - 1, Math.max(0, Math.floor((v - lo) / width)))]!++;
  const mode = count.indexOf(Math.max(...count));
  let level = lo + (mode + 0.5) * width;
  let noise = (hi - lo) / 4;
  for (let round = 0; round < 8; round++) {
    const near = data.filter((v) => Math.abs(v - level) <= 3 * noise);
    if (near.length === 0) break;
    level = median(near);
    noise = robustSd(near, level);
  }
  // Where the background is exactly constant, a hundredth of the grey range is the unit.
  return { level, noise: Math.max(noise, 0.01 * (hi - lo)) };
}

function clip(grid: Grid<Float32Array>, scale: (v: number) => number): Grid<Float32Array> {
  const data = grid.data.map((v) => Math.min(Math.max(scale(v), LOWEST), HIGHEST));
  return { shape: grid.shape, data };
}

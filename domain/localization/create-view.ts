import { CorruptData, InvalidInput } from "../errors.ts";
import { bin } from "../volumes/bin.ts";
import { gaussian } from "../volumes/gaussian.ts";
import { robustSd } from "../volumes/median.ts";
import type { Grid, Mask } from "../volumes/shape.ts";
import { backgroundGrey } from "./background-grey.ts";
import type { Container, FoundContainer } from "./container/container.ts";
import { maskContainer } from "./container/container-mask.ts";
import { fillMasked } from "./container/fill-masked.ts";
import { findContainer } from "./container/find-container.ts";
import { suppressContainer } from "./container/suppress-container.ts";
import { part } from "./steps.ts";
import type { Steps } from "./steps.ts";
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
  /** Of the innermost wall: half of its width where it is square. */
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
 * Where a container is full of a medium, values are distances from the medium in units of the
 * view's spread. Else the commonest grey level is the background, and values are the inverse
 * hyperbolic sine of the distance from it in units of its noise: linear near the background,
 * logarithmic far from it, so that thin skin shows although bone is a hundred times brighter.
 * What was found of a container is masked; nothing else is.
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
    return plainView(level, factor, found);
  }
  yield { fraction: 0.4, note: "suppress the container" };
  if (found.dry) {
    const { valid } = maskContainer(smooth, found);
    yield { fraction: 0.7, note: "fill what is masked" };
    return plainView(fillMasked(level, valid, seed), factor, found, valid);
  }
  const { residual, valid, noise } = yield* part(
    suppressContainer(level, smooth, found, seed),
    0.4,
    0.9,
  );
  yield { fraction: 0.9, note: "bin" };
  const binned = bin(residual, factor);
  const mask = binMask(valid, factor);
  const spread = robustSd(binned.data) || 1;
  return {
    view: { values: clip(binned, (v) => v / spread), valid: mask, bin: factor },
    container: { ...describe(found), noise, maskedFraction: maskedFraction(mask) },
  };
}

function plainView(
  level: Grid,
  factor: number,
  found: Container,
  valid: Mask = { shape: level.shape, data: new Uint8Array(level.data.length).fill(1) },
) {
  const binned = bin(level, factor);
  const mask = binMask(valid, factor);
  const { level: grey, noise } = backgroundGrey(binned.data.filter((_, i) => mask.data[i] === 1));
  const view: View = {
    values: clip(binned, (v) => Math.asinh((v - grey) / noise)),
    valid: mask,
    bin: factor,
  };
  const container: ContainerReport = {
    ...describe(found),
    background: grey,
    noise,
    maskedFraction: maskedFraction(mask),
  };
  return { view, container };
}

function describe(
  found: Container,
): Pick<ContainerReport, "kind" | "reason" | "outerRadius" | "innerRadius"> {
  const { kind, reason } = found;
  const wall = (found as Partial<FoundContainer>).wall;
  return wall === undefined
    ? { kind, reason }
    : { kind, reason, outerRadius: wall.outerRadius, innerRadius: wall.section.radius };
}

/** Valid is what mostly is. */
function binMask(valid: Mask, factor: number): Mask {
  const share = bin(valid, factor);
  return { shape: share.shape, data: Uint8Array.from(share.data, (v) => (v > 0.5 ? 1 : 0)) };
}

function maskedFraction({ data }: Mask): number {
  return 1 - data.reduce((sum, v) => sum + v, 0) / data.length;
}

function clip(grid: Grid<Float32Array>, scale: (v: number) => number): Grid<Float32Array> {
  const data = grid.data.map((v) => Math.min(Math.max(scale(v), LOWEST), HIGHEST));
  return { shape: grid.shape, data };
}

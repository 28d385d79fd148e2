import { InvalidInput } from "../errors.ts";
import { areaUnderRoc } from "../metrics/area-under-roc.ts";
import { ANGLES } from "./angles.ts";

/** Scores of windows or slices, 0 to 1, of the same kind. */
export interface RotationScores {
  /** Of places in the specimen. */
  readonly specimen: ArrayLike<number>;
  /** Of places where there is only medium or container. */
  readonly background: ArrayLike<number>;
}

/** How a score tells specimen from background. */
export interface ScoreContrast {
  /** Mean over places in the specimen. */
  readonly specimen: number;
  /** Mean over places in the background; near `chance` where there is nothing to tell an angle by. */
  readonly background: number;
  /** Chance that a place in the specimen scores higher than one in the background. */
  readonly auc: number;
}

/** What a rotation network tells angles by. Plain JSON. */
export interface RotationDiagnostics {
  readonly pretext: "rotation";
  /** 1/7: the probability of each angle where nothing can be told. */
  readonly chance: number;
  /** Probability of "not turned" for two identical copies, the paper's score. */
  readonly p0: ScoreContrast;
  /** Mean probability of the true angle of turned copies, the score that localizes. */
  readonly tta?: ScoreContrast;
}

/**
 * Measure what a network tells angles by: the specimen, or something that the background shows as
 * well (method.md §0.4, §2.6, §7.4). Throws `InvalidInput` where there is nothing to compare.
 */
export function diagnoseRotation({
  p0,
  tta,
}: {
  readonly p0: RotationScores;
  readonly tta?: RotationScores;
}): RotationDiagnostics {
  return {
    pretext: "rotation",
    chance: 1 / ANGLES.length,
    p0: contrast(p0),
    ...(tta && { tta: contrast(tta) }),
  };
}

function contrast({ specimen, background }: RotationScores): ScoreContrast {
  if (specimen.length === 0 || background.length === 0) {
    throw new InvalidInput(
      `Expected scores of specimen and background, got ${specimen.length} and ${background.length}`,
    );
  }
  return {
    specimen: mean(specimen),
    background: mean(background),
    auc: areaUnderRoc(specimen, background),
  };
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

import { InvalidInput } from "../errors.ts";
import { mapAxes } from "../volumes/box.ts";
import type { Box, Zyx } from "../volumes/shape.ts";

/** Voxels to add per face, at level 0, and in words where they come from. */
export interface Margin {
  readonly margin: Box;
  readonly reason: string;
}

/** Of the axis, per face: what is added when nothing else is known. */
export const DEFAULT_MARGIN = 0.04;

/** Of the axis, per face: the fallback when a calibrated margin was asked for and cannot be had. */
export const WIDE_MARGIN = 0.08;

/**
 * Voxels to add to every face of a box: a share of the volume's axis, rounded up. The margin may
 * reach beyond the volume; growing the box clips it.
 */
export function marginFor(shape0: Zyx, fraction: number = DEFAULT_MARGIN): Margin {
  if (!(fraction >= 0 && fraction <= 0.5)) {
    throw new InvalidInput(`Expected a margin between 0 and 0.5 of the axis, got ${fraction}`);
  }
  return {
    margin: facesOf(shape0, fraction),
    reason: `${+(100 * fraction).toFixed(2)} % of the axis per face`,
  };
}

/** Scans with known truth that a calibrated margin needs at least: below, its rank exceeds their number. */
export function scansNeeded(risk: number): number {
  return Math.ceil(1 / risk - 1 - 1e-9);
}

/**
 * A margin so wide that with probability `1 - risk` no face of the next scan of the same kind
 * cuts its specimen: the `ceil((n + 1)(1 - risk))`-th smallest of the worst cuts seen in scans
 * whose truth is known, never less than nothing.
 *
 * `worstCuts` holds one number per calibration scan: how far the worst of its six faces cut into
 * the true box, as a share of the axis (negative is slack). With fewer than `1 / risk - 1` scans
 * no finite margin has that guarantee; it falls back to the wide margin and says so.
 * @see Andéol et al., Confident object detection via conformal prediction, 2023
 */
export function conformalMargin(
  shape0: Zyx,
  worstCuts: readonly number[],
  risk: number = 0.1,
): Margin {
  if (!(risk > 0 && risk < 1)) {
    throw new InvalidInput(`Expected a risk between 0 and 1, got ${risk}`);
  }
  const n = worstCuts.length;
  const rank = Math.ceil((n + 1) * (1 - risk) - 1e-9);
  const needed = scansNeeded(risk);
  if (n < needed) {
    return {
      ...marginFor(shape0, WIDE_MARGIN),
      reason: `${100 * WIDE_MARGIN} % of the axis per face: a margin with ${+(100 * (1 - risk)).toFixed(1)} % confidence needs ${needed} scans with known truth, there are ${n}`,
    };
  }
  const cut = worstCuts.toSorted((a, b) => a - b)[rank - 1]!;
  const fraction = Math.max(cut, 0);
  return {
    // However wide: a margin that was cut short would not have the confidence.
    margin: facesOf(shape0, fraction),
    reason: `${(100 * fraction).toFixed(2)} % of the axis per face: the ${rank}-th of the worst cuts of ${n} scans with known truth, ${+(100 * (1 - risk)).toFixed(1)} % confidence`,
  };
}

function facesOf(shape0: Zyx, fraction: number): Box {
  return mapAxes((axis) => {
    // Guard against 0.04 * 25 = 1.0000000000000002 and the like.
    const voxels = Math.max(0, Math.ceil(fraction * shape0[axis] - 1e-9));
    return [voxels, voxels];
  });
}

import type { Calibration, Localizer } from "../../../schemas/calibration.ts";
import type { Zyx } from "../../volumes/shape.ts";
import { conformalMargin, type Margin, marginFor, scansNeeded, WIDE_MARGIN } from "../margin.ts";
import { compareLocalizers } from "./compare-localizers.ts";

/** A margin, and whether it has the confidence that was asked for. */
export interface CalibratedMargin extends Margin {
  readonly calibrated: boolean;
}

export interface MarginQuestion {
  /** Voxels of the scan at level 0. */
  readonly shape0: Zyx;
  /** How often a face may cut the specimen, between 0 and 1. */
  readonly risk: number;
  /** What found the scan's box. */
  readonly localizer: Localizer;
  /** What the scan's collection was calibrated with; undefined where it was not. */
  readonly calibration: Calibration | undefined;
}

/**
 * The margin of a scan out of its collection's calibration; the wide margin, with the reason in
 * words, where there is none, where it was made with another localizer, or of too few scans.
 */
export function calibratedMargin(question: MarginQuestion): CalibratedMargin {
  const { shape0, risk, localizer, calibration } = question;
  if (calibration === undefined) {
    return wide(shape0, "its collection has no calibration yet (microtome calibrate makes one)");
  }
  const { scans } = calibration;
  const other = compareLocalizers(calibration.localizer, localizer);
  if (other !== undefined) {
    return wide(
      shape0,
      `${nameOf(calibration)} is of boxes that were found in another way (${other})`,
    );
  }
  const cuts = scans.map(({ worstCut }) => worstCut);
  const { margin, reason } = conformalMargin(shape0, cuts, risk);
  const seen = scans.filter(({ learnedFrom }) => learnedFrom).length;
  const caution =
    seen === 0 ? "" : `; ${seen} of them were learned from, too: others may be cut more often`;
  return {
    margin,
    calibrated: cuts.length >= scansNeeded(risk),
    reason: `${reason} (${nameOf(calibration)})${caution}`,
  };
}

function wide(shape0: Zyx, because: string): CalibratedMargin {
  const { margin } = marginFor(shape0, WIDE_MARGIN);
  return {
    margin,
    calibrated: false,
    reason: `${100 * WIDE_MARGIN} % of the axis per face, not calibrated: ${because}`,
  };
}

function nameOf({ collection, made }: Calibration): string {
  return `the calibration of collection ${collection} of ${made.slice(0, 10)}`;
}

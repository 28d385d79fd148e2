import type { CalibrationMade } from "../activities/calibration/make-calibration.ts";
import { conformalMargin, scansNeeded } from "../domain/localization/margin.ts";
import type { Calibration } from "../schemas/calibration.ts";

/** The scans of a calibration as a table, worst first, then those that were left out and why. */
export function calibrationTable({ calibration, leftOut }: CalibrationMade): string[] {
  const scans = (calibration?.scans ?? []).toSorted((a, b) => b.worstCut - a.worstCut);
  const width = Math.max(4, ...[...scans, ...leftOut].map(({ scan }) => scan.length));
  const learned = scans.some(({ learnedFrom }) => learnedFrom);
  return [
    ...(scans.length === 0 ? [] : [`  ${"scan".padEnd(width)}  worst cut  face    confidence`]),
    ...scans.map(({ scan, worstCut, face, confidence, learnedFrom }) =>
      [
        ` `,
        scan.padEnd(width),
        "",
        `${(100 * worstCut).toFixed(2)} %`.padStart(9),
        "",
        face.padEnd(6),
        "",
        confidence.toFixed(2).padStart(10),
        ...(learned && learnedFrom ? ["  learned from, too"] : []),
      ].join(" "),
    ),
    ...leftOut.map(({ scan, reason }) => `  ${scan.padEnd(width)}  left out: ${reason}`),
  ];
}

/** What margin a calibration gives, and what it lacks. */
export interface CalibrationVerdict {
  readonly scans: number;
  /** Scans with known truth that a margin at this risk needs. */
  readonly needed: number;
  /** Of the axis, per face; absent where there are too few scans. */
  readonly margin?: number;
  readonly learnedFrom: number;
  /** In words. */
  readonly lines: readonly string[];
}

/** What `localize.margin: conformal` will give at a risk. */
export function calibrationVerdict(calibration: Calibration, risk: number): CalibrationVerdict {
  const { scans, collection } = calibration;
  const needed = scansNeeded(risk);
  const cuts = scans.map(({ worstCut }) => worstCut);
  const learnedFrom = scans.filter((scan) => scan.learnedFrom).length;
  // Of an axis of so many voxels the margin in voxels is the share in millionths.
  const { margin, reason } = conformalMargin([1e6, 1e6, 1e6], cuts, risk);
  const enough = scans.length >= needed;
  const lines = [
    enough
      ? `Margin in collection ${collection}: ${reason}`
      : `Too few scans: risk ${risk} needs ${needed} with known truth, there are ${scans.length} (${needed - scans.length} more); until then a conformal margin is ${reason}`,
    ...(learnedFrom === 0
      ? []
      : [
          `${learnedFrom} of them were learned from, too: scans that were not may be cut more often. Localize others with localize.margin: conformal, which uses the same networks, and calibrate with those`,
        ]),
  ];
  const base = { scans: scans.length, needed, learnedFrom, lines };
  return enough ? { ...base, margin: margin[0][0] / 1e6 } : base;
}

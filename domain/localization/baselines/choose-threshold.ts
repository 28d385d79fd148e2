import { InvalidInput } from "../../errors.ts";
import { quantile } from "../../volumes/median.ts";
import type { Grid } from "../../volumes/shape.ts";
import type { Steps } from "../steps.ts";
import type { Baseline, LabelledScan } from "./baseline.ts";
import { errorOf } from "./choose-erosion.ts";
import { boxAbove, prepareImage } from "./threshold-rule.ts";
import type { GreyImage, ThresholdKind, ThresholdRule } from "./threshold-rule.ts";

/** A rule, and its mean error over the scans that it was chosen on, in voxels of level 0. */
export interface ChosenThreshold {
  readonly baseline: Baseline;
  readonly rule: ThresholdRule;
  readonly error: number;
}

interface Candidate extends ThresholdKind {
  readonly largest: boolean;
  /** Of the prepared image. */
  readonly threshold: number;
  /** To the thresholds beside it that were tried. */
  readonly step: number;
  readonly error: number;
}

const KINDS: readonly ThresholdKind[] = (["bright", "dark"] as const).flatMap((polarity) =>
  [0, 1, 2].map((sigma) => ({ sigma, polarity })),
);
/** Thresholds that are tried of each kind. */
const COARSE = 32;
/** The best of all kinds are looked at twice more, between their neighbours. */
const [REFINED, FINER, ROUNDS] = [3, 7, 2] as const;
/** Beyond these shares of the voxels a threshold leaves everything or nothing. */
const RANGE = [0.001, 0.9995] as const;

/**
 * The best global grey threshold: of all thresholds, blurs, polarities, with and without the largest
 * piece alone, the one with the least mean error over all scans.
 *
 * As in the paper it is chosen "with supervision on the whole set" (arXiv 2011.03353, section 3.2),
 * that is on the scans that it is scored on: a bound of what thresholds can do, not a fair competitor.
 */
export function* chooseThreshold(
  name: string,
  image: GreyImage,
  scans: readonly LabelledScan[],
): Steps<ChosenThreshold> {
  if (scans.length === 0) throw new InvalidInput("Expected known boxes to choose by, got none");
  const images = scans.map(image);
  const note = `choosing, ${name}`;
  let candidates: Candidate[] = [];
  for (const [i, kind] of KINDS.entries()) {
    const prepared = images.map((grid) => prepareImage(grid, kind));
    const [lo, hi] = rangeOf(prepared);
    const step = (hi - lo) / (COARSE + 1);
    const thresholds = Array.from({ length: COARSE }, (_, k) => lo + (k + 1) * step);
    for (const fraction of tryAll(kind, prepared, thresholds, step, scans, candidates)) {
      yield { fraction: (0.9 * (i + fraction)) / KINDS.length, note };
    }
  }
  for (let round = 0; round < ROUNDS; round++) {
    const best = candidates.toSorted((a, b) => a.error - b.error).slice(0, REFINED);
    candidates = [...best];
    for (const candidate of best) {
      const prepared = images.map((grid) => prepareImage(grid, candidate));
      const step = candidate.step / ((FINER + 1) / 2);
      const thresholds = Array.from(
        { length: FINER },
        (_, k) => candidate.threshold + (k + 1) * step - candidate.step,
      );
      const { largest } = candidate;
      const trying = tryAll(candidate, prepared, thresholds, step, scans, candidates, [largest]);
      while (trying.next().done !== true) {
        yield { fraction: 0.9 + (0.1 * round) / ROUNDS, note };
      }
    }
  }
  const { sigma, polarity, largest, ...chosen } = candidates.reduce((a, b) =>
    b.error < a.error ? b : a,
  );
  const threshold = polarity === "bright" ? chosen.threshold : -chosen.threshold;
  const rule: ThresholdRule = { sigma, polarity, threshold, largest };
  return {
    rule,
    error: chosen.error,
    baseline: {
      name: `${name}, ${describe(rule)} (best)`,
      usesLabels: true,
      locate: (scan) =>
        boxAbove(prepareImage(image(scan), rule), chosen.threshold, largest, scan.place),
    },
  };
}

/** Try thresholds on all scans; yields the share that is done, and adds what was found. */
function* tryAll(
  { sigma, polarity }: ThresholdKind,
  prepared: readonly Grid<Float32Array>[],
  thresholds: readonly number[],
  step: number,
  scans: readonly LabelledScan[],
  to: Candidate[],
  pieces: readonly boolean[] = [false, true],
): Generator<number> {
  const tried = pieces.flatMap((largest) =>
    thresholds.map((threshold) => ({ largest, threshold, error: 0 })),
  );
  for (const [i, scan] of scans.entries()) {
    for (const one of tried) {
      const box = boxAbove(prepared[i]!, one.threshold, one.largest, scan.place);
      one.error += errorOf(box, scan) / scans.length;
    }
    yield (i + 1) / scans.length;
  }
  to.push(...tried.map((one) => ({ sigma, polarity, step, ...one })));
}

function rangeOf(grids: readonly Grid<Float32Array>[]): readonly [lo: number, hi: number] {
  const ends = grids.map(({ data }) => RANGE.map((q) => quantile(data, q)) as [number, number]);
  return [Math.min(...ends.map(([lo]) => lo)), Math.max(...ends.map(([, hi]) => hi))];
}

function describe({ sigma, polarity, threshold, largest }: ThresholdRule): string {
  const sign = polarity === "bright" ? ">" : "<";
  const blur = sigma === 0 ? "" : `, blur ${sigma}`;
  return `${sign} ${+threshold.toPrecision(4)}${blur}${largest ? ", largest piece" : ""}`;
}

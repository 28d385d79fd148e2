import { kolmogorovSmirnov } from "../../metrics/kolmogorov-smirnov.ts";
import { FEATURE_NAMES, type Features } from "./features.ts";

/** Whether scans are still of the kind that was calibrated with. */
export interface Drift {
  readonly drifted: boolean;
  /** In words: what differs most, and how improbable that is by chance. */
  readonly reason: string;
}

/** Below this the scans are taken for others than those calibrated with. */
const LEVEL = 0.01;
/** With fewer scans on a side no difference could be told. */
const FEWEST = 5;

/**
 * Compare the scans of a batch with those of a calibration, feature by feature, by two-sample
 * Kolmogorov–Smirnov tests at a level of 0.01 over all features together (Bonferroni).
 *
 * A conformal guarantee is for exchangeable scans: after drift there is none.
 */
export function detectDrift(calibrated: readonly Features[], now: readonly Features[]): Drift {
  if (calibrated.length < FEWEST || now.length < FEWEST) {
    return {
      drifted: false,
      reason: `Drift was not looked for: ${calibrated.length} calibrated scans against ${now.length}, ${FEWEST} of each are needed`,
    };
  }
  const names = Object.keys(FEATURE_NAMES) as (keyof Features)[];
  const tests = names.map((name) => ({
    name,
    ...kolmogorovSmirnov(
      calibrated.map((features) => features[name]),
      now.map((features) => features[name]),
    ),
  }));
  const [first] = tests.toSorted((a, b) => a.probability - b.probability);
  const { name, distance, probability } = first!;
  const together = Math.min(1, probability * names.length);
  const drifted = together < LEVEL;
  const p = together < 1e-4 ? "below 0.0001" : together.toFixed(4);
  return {
    drifted,
    reason: drifted
      ? `These scans are of another kind than those calibrated with: ${FEATURE_NAMES[name]} differs (distance ${distance.toFixed(2)}, probability ${p} by chance)`
      : `No drift: ${FEATURE_NAMES[name]} differs most (distance ${distance.toFixed(2)}, probability ${p} by chance)`,
  };
}

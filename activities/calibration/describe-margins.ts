import { detectDrift } from "../../domain/localization/calibration/detect-drift.ts";
import { type Features, featuresOf } from "../../domain/localization/calibration/features.ts";
import type { CalibratedScan } from "../../schemas/calibration.ts";
import type { BatchStatus, ScanStatus } from "../../schemas/result.ts";
import type { ObjectStore } from "../deps.ts";
import { readCalibration } from "./store-calibration.ts";

/** Where margins of a batch come from, and whether its scans are of the kind that was calibrated. */
export interface MarginsNote {
  readonly calibration: string;
  /** How many scans of the batch have a margin that comes from it. */
  readonly scans: number;
  /** The margin's guarantee is gone: the scans are of another kind. */
  readonly drifted: boolean;
  /** In words. */
  readonly text: string;
}

/**
 * A note for every calibration that margins of the batch come from; none where no margin was
 * calibrated. Scans that were calibrated with are no evidence of drift and are not compared.
 */
export async function describeMargins(
  store: ObjectStore,
  { scans }: Pick<BatchStatus, "scans">,
): Promise<readonly MarginsNote[]> {
  const used = [...new Set(scans.flatMap(({ calibration }) => calibration ?? []))];
  return Promise.all(
    used.map(async (key) => {
      const { collection, made, scans: known } = await readCalibration(store, key);
      const its = scans.filter(({ calibration }) => calibration === key);
      const volumes = new Set(known.map(({ volume }) => volume));
      const others = its.filter(({ volume }) => volume === undefined || !volumes.has(volume));
      const drift = detectDrift(known.map(calibratedFeatures), others.flatMap(foundFeatures));
      return {
        calibration: key,
        scans: its.length,
        drifted: drift.drifted,
        text: `Margins of ${its.length} ${its.length === 1 ? "scan" : "scans"} come from the calibration of collection ${collection} of ${made.slice(0, 10)} (${known.length} scans with known truth). ${drift.reason}`,
      };
    }),
  );
}

function calibratedFeatures({
  confidence,
  sides: [sideZ, sideY, sideX],
}: CalibratedScan): Features {
  return { confidence, sideZ, sideY, sideX };
}

function foundFeatures({ box, confidence, prepared }: ScanStatus): Features[] {
  if (box === undefined || confidence === undefined || prepared === undefined) return [];
  return [featuresOf(box, prepared.volume.shape, confidence)];
}

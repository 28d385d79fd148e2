import { reconcile } from "../../domain/localization/reconcile.ts";
import type { Evidence } from "../../domain/localization/reconcile.ts";
import { localizeParameters } from "../../schemas/batch.ts";
import type { ReportProfile } from "../report/report-model.ts";
import type { ScanDecision } from "./decide-boxes.ts";
import type { OpenedScan } from "./open-scans.ts";

/** What is known of a scan when its box is decided; its profiles, for the figure. */
export interface ScanEvidence extends Omit<Evidence, "view" | "place"> {
  readonly profiles: readonly ReportProfile[];
}

/** Below this a batch keeps a scan whole. */
const LEAST_CONFIDENCE = localizeParameters.properties.minConfidence.default;

/** Decide on a scan as a batch with default settings does. */
export function reconcileEvidence(
  { view, place }: OpenedScan,
  { profiles, ...known }: ScanEvidence,
): ScanDecision {
  const { outcome, box, confidence, reasons, boxes } = reconcile({ view, place, ...known });
  if (outcome === "cropped" && box !== undefined && confidence >= LEAST_CONFIDENCE) {
    return { outcome, box, confidence, reasons, boxes, profiles };
  }
  const doubt =
    outcome === "cropped" ? [`Confidence ${confidence} is below ${LEAST_CONFIDENCE}`] : [];
  return {
    outcome: "kept-whole",
    confidence,
    reasons: [...reasons, ...doubt],
    boxes,
    profiles,
  };
}

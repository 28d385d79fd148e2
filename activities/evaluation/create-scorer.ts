import { marginFor } from "../../domain/localization/margin.ts";
import { scoreLocalization } from "../../domain/metrics/localization-score.ts";
import type { KnownScan } from "../../domain/metrics/localization-score.ts";
import type { JobContext } from "../engine/job.ts";
import type { FoundBox, LocalizationScans } from "./localization-request.ts";
import type { LocatedBy } from "./localization-result.ts";
import type { OpenedScan } from "./open-scans.ts";
import { readSpecimen } from "./read-specimen.ts";

/** Scores boxes, one per opened scan and in their order; scans without a known box are left out. */
export type ScoreBoxes = (
  name: string,
  boxes: readonly FoundBox[],
  options?: { readonly usesLabels?: boolean },
) => LocatedBy;

/** Read the masks of the scans, and score boxes from then on. */
export async function createScorer(
  { masks, margin }: Pick<LocalizationScans, "masks" | "margin">,
  scans: readonly OpenedScan[],
  { signal }: Pick<JobContext, "signal">,
): Promise<ScoreBoxes> {
  const known = new Map<string, KnownScan>();
  for (const { scan, truth, place } of scans) {
    if (truth === undefined) continue;
    const { shape0: shape } = place;
    const mask = masks[scan];
    const specimen = mask && (await readSpecimen(scan, mask.path, shape, signal));
    known.set(scan, { shape, truth, ...(specimen && { specimen }) });
  }
  return (name, boxes, { usesLabels = false } = {}) => ({
    name,
    usesLabels,
    scans: scans.flatMap(({ scan }, i) => {
      const knows = known.get(scan);
      if (knows === undefined) return [];
      const box = boxes[i];
      const score = scoreLocalization(box, knows, marginFor(knows.shape, margin).margin);
      return { scan, ...(box && { box }), score };
    }),
  });
}

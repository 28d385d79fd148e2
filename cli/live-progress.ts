import type { CampaignProgress } from "../schemas/campaign.ts";
import type { StageProgress } from "../schemas/progress.ts";

/** What running activities last said of themselves. */
export interface LiveProgress {
  /** Per scan, one entry per running activity (three while localizing: one per axis). */
  readonly scans: Readonly<Record<string, readonly StageProgress[]>>;
  /** Of the batch as a whole: its report, its retention. */
  readonly batch?: StageProgress;
  readonly campaign?: {
    readonly round?: StageProgress;
    readonly progress?: CampaignProgress;
  };
}

export const NOTHING_LIVE: LiveProgress = { scans: {} };

/** Several activities of one stage as one: their mean, and a note where there is just one. */
export function combine(beats: readonly StageProgress[]): StageProgress | undefined {
  const [first] = beats;
  if (first === undefined || beats.length === 1) return first;
  const fraction = beats.reduce((sum, beat) => sum + beat.fraction, 0) / beats.length;
  return { stage: first.stage, fraction };
}

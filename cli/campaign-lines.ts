import { describeShortcut } from "../activities/report/describe-shortcut.ts";
import { formatPercent } from "../activities/report/format.ts";
import type { CampaignProgress, Validation } from "../schemas/campaign.ts";
import type { StageProgress } from "../schemas/progress.ts";
import { bar } from "./board.ts";

const ROUNDS_SHOWN = 5;

/** A campaign as lines: how far it is, what the running round says, the last rounds' losses. */
export function campaignLines(
  progress: CampaignProgress,
  round: StageProgress | undefined,
): string[] {
  const { campaign, state, step, steps, loss, accuracy, displacement, encoder, rounds } = progress;
  const { best, shortcut, notes = [] } = progress;
  const fraction = round?.fraction ?? step / steps;
  const numbers = [
    ...(loss === undefined ? [] : [`loss ${loss.toFixed(4)}`]),
    ...(accuracy === undefined ? [] : [`accuracy ${accuracy.toFixed(3)}`]),
    ...(displacement === undefined ? [] : [`displacement ${displacement.toFixed(2)} positions`]),
  ];
  return [
    `${campaign}  ${state} · step ${step} of ${steps}${numbers.map((text) => ` · ${text}`).join("")}`,
    `  ${bar(fraction)} ${formatPercent(fraction)}${round?.note === undefined ? "" : `  ${round.note}`}`,
    ...rounds
      .slice(-ROUNDS_SHOWN)
      .map((done) => `  round to step ${done.step}: loss ${done.loss.toFixed(4)}`),
    ...(best === undefined ? [] : [`  best on held-out scans: ${describeBest(best)}`]),
    ...(shortcut === undefined ? [] : [`  ${describeShortcut(shortcut)}`]),
    ...(shortcut?.warnings ?? []).map((warning) => `  warning: ${warning}`),
    ...notes.map((note) => `  ${note}`),
    ...(encoder === undefined ? [] : [`  encoder ${encoder}`]),
  ];
}

function describeBest({ step, loss, accuracy, displacement }: Validation): string {
  const metric =
    accuracy !== undefined
      ? `accuracy ${accuracy.toFixed(3)}`
      : displacement !== undefined
        ? `displacement ${displacement.toFixed(2)} positions`
        : `loss ${loss.toFixed(4)}`;
  return `${metric} at step ${step}`;
}

import { readFile } from "node:fs/promises";
import { InvalidInput } from "../../domain/errors.ts";
import type { PretextNetwork } from "../../domain/pretexts/create-pretext-network.ts";
import { openEncoder } from "../../domain/pretexts/encoder-file.ts";
import type { JobContext } from "../engine/job.ts";
import { createScorer } from "./create-scorer.ts";
import type { ScoreBoxes } from "./create-scorer.ts";
import { decideBoxes } from "./decide-boxes.ts";
import type { Looked } from "./decide-boxes.ts";
import { energyEvidence } from "./energy-evidence.ts";
import type { LocalizeRequest } from "./localization-request.ts";
import type { LocalizedSeed } from "./localization-result.ts";
import type { OpenedScan } from "./open-scans.ts";
import { reconcileEvidence } from "./reconcile-evidence.ts";
import type { ScanEvidence } from "./reconcile-evidence.ts";
import { leftChance } from "./rotation-split.ts";
import { sliceEvidence } from "./slice-evidence.ts";
import { localizeBySorting } from "./sorting-decisions.ts";
import { windowEvidence } from "./window-evidence.ts";

/** Share of the progress bar that looking at all scans takes; the rest is deciding. */
const LOOKED = 0.9;

const NAMES = {
  windows: "windows, decided",
  rotation: "whole slices, decided",
  sorting: "sorting, decided",
} as const;

/**
 * Localize all scans as one unlabelled batch, by an encoder that was pretrained on all of them. What is
 * known of them scores the result and nothing else.
 */
export async function localizeSeed(
  request: LocalizeRequest,
  scans: readonly OpenedScan[],
  context: JobContext,
): Promise<LocalizedSeed> {
  const { localizer, config, refineSteps, trained } = request;
  const part = (from: number, to: number): JobContext => ({
    signal: context.signal,
    progress: (step) => context.progress({ ...step, fraction: from + (to - from) * step.fraction }),
  });
  const score = await createScorer(request, scans, context);
  const { network } = openEncoder(await readFile(request.encoder));
  try {
    const began = performance.now();
    const {
      decide,
      parts = [],
      refined,
    } = await look(request, network, scans, score, part(0, LOOKED));
    const last = part(LOOKED, 1);
    const decisions = await decideBoxes(NAMES[localizer], scans, decide, request, score, last);
    const { losses, ...course } = trained;
    const unrefined = localizer === "windows" && refineSteps > 0 && refined === undefined;
    return {
      ...{ localizer, seed: config.seed, ...course, ...decisions },
      parts: [...parts, ...decisions.parts],
      ...(refined && { refined }),
      looking: (performance.now() - began) / 1000,
      warnings: localizer === "sorting" ? [] : warn(trained, unrefined),
    };
  } finally {
    network.dispose();
  }
}

async function look(
  { localizer, config, refineSteps, trained }: LocalizeRequest,
  network: PretextNetwork,
  scans: readonly OpenedScan[],
  score: ScoreBoxes,
  context: JobContext,
): Promise<Looked> {
  const { seed, windowSize, imageSize } = config;
  const expected = localizer === "sorting" ? "sorting" : "rotation";
  if (network.pretext === "sorting" && expected === "sorting") {
    return localizeBySorting(network, config, scans, score, context);
  }
  if (network.pretext !== "rotation" || expected === "sorting") {
    throw new InvalidInput(`Expected the ${expected} pretext, got ${network.pretext}`);
  }
  // What a network at chance says would only be noise: a batch leaves it out, too.
  const atChance = trained.end === "plateau";
  const decideBy = (evidence: readonly ScanEvidence[]) => (scan: OpenedScan, i: number) =>
    reconcileEvidence(scan, atChance ? energyEvidence(scan) : evidence[i]!);
  if (localizer === "rotation") {
    // Scored at chance, too: what the paper's localizer finds then is a result.
    const { evidence, p0, tta } = await sliceEvidence(network, scans, { imageSize }, context);
    return {
      decide: decideBy(evidence),
      parts: [score("whole slices, p0 (the paper)", p0), score("whole slices, tta", tta)],
    };
  }
  if (atChance) return { decide: decideBy([]) };
  const options = { windowSize, refineSteps, seed };
  const { evidence, refined } = await windowEvidence(network, scans, options, context);
  return { decide: decideBy(evidence), ...(refined && { refined }) };
}

function warn(
  { end, losses, restartedAfter }: LocalizeRequest["trained"],
  unrefined: boolean,
): string[] {
  const again =
    restartedAfter === undefined
      ? []
      : [
          `The loss was still at chance (ln 7) after ${restartedAfter} steps: training was begun anew with easier tasks first`,
        ];
  if (end === "plateau") {
    return [
      ...again,
      `Plateau: the loss was still at chance (ln 7) after ${losses.length} steps, so training stopped and the boxes are the energy's alone; start from an encoder that was trained on easier scans (--warm-start)`,
    ];
  }
  return [
    ...again,
    ...(leftChance(losses) === undefined
      ? [`The loss never left chance (ln 7) in ${losses.length} steps`]
      : []),
    ...(unrefined ? ["No map shows a voxel that is surely specimen: nothing was refined"] : []),
  ];
}

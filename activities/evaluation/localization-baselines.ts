import { AXES } from "../../domain/volumes/shape.ts";
import type { JobContext } from "../engine/job.ts";
import { maxProjections, toDataUri } from "../report/projection.ts";
import { createScorer } from "./create-scorer.ts";
import { decideBoxes } from "./decide-boxes.ts";
import { energyEvidence } from "./energy-evidence.ts";
import type { LocalizationScans } from "./localization-request.ts";
import type { BaselinesResult, PicturedScan } from "./localization-result.ts";
import type { OpenedScan } from "./open-scans.ts";
import { scaleBox } from "./read-truth-file.ts";
import { reconcileEvidence } from "./reconcile-evidence.ts";
import { runBaselines } from "./run-baselines.ts";

/** Share of the progress bar that the baselines take. */
const BASELINES = 0.9;

/** Everything that a localizer is compared with, the same decisions without learning, and pictures. */
export async function evaluateBaselines(
  request: LocalizationScans,
  scans: readonly OpenedScan[],
  context: JobContext,
): Promise<BaselinesResult> {
  const part = (from: number, to: number): JobContext => ({
    signal: context.signal,
    progress: (step) => context.progress({ ...step, fraction: from + (to - from) * step.fraction }),
  });
  const score = await createScorer(request, scans, context);
  const baselines = await runBaselines(scans, score, part(0, BASELINES));
  const rest = part(BASELINES, 1);
  const name = "learning off";
  const decide = (scan: OpenedScan) => reconcileEvidence(scan, energyEvidence(scan));
  const plain = await decideBoxes(name, scans, decide, request, score, rest);
  return { baselines, plain, pictures: scans.map(picture) };
}

/** Brightest voxels along each axis, through the known box where there is one: no wall before it. */
function picture({ scan, level, place, truth }: OpenedScan): PicturedScan {
  const { shape0: shape } = place;
  const through = truth && scaleBox({ shape, box: truth }, level!.shape);
  const projections = maxProjections(level!, through);
  return {
    scan,
    shape,
    ...(truth && { truth }),
    images: AXES.map((axis) => ({
      axis,
      uri: toDataUri(projections[axis]),
      ...(truth && { through: truth[axis] }),
    })),
  };
}

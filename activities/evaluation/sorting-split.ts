import { InvalidInput } from "../../domain/errors.ts";
import { kendallTau } from "../../domain/metrics/kendall-tau.ts";
import { diagnoseSorting } from "../../domain/pretexts/diagnose-sorting.ts";
import type { DiagnoseSortingOptions } from "../../domain/pretexts/diagnose-sorting.ts";
import type { PretextNetwork } from "../../domain/pretexts/create-pretext-network.ts";
import type { SortingNetwork } from "../../domain/pretexts/pretext-network.ts";
import { scorePositions } from "../../domain/pretexts/score-positions.ts";
import { fitTrivialOrderings } from "../../domain/pretexts/trivial-orderings.ts";
import { warnShortcut } from "../../domain/pretexts/warn-shortcut.ts";
import { driveSteps } from "../engine/drive-steps.ts";
import type { JobContext } from "../engine/job.ts";
import { checkDirections } from "./check-directions.ts";
import type { SplitRequest } from "./evaluation-request.ts";
import { measureSorting } from "./measure-sorting.ts";
import type { MeasuredSorting, ScoreSlices } from "./measure-sorting.ts";
import type { OpenedScan } from "./open-scans.ts";
import { runSplit } from "./run-split.ts";
import type { SortedScan, SortingSplitResult } from "./sorting-result.ts";

/** Draws of k slices per scan while training goes on. */
const DRAWS_ON_THE_WAY = 100;

/**
 * Train the sorting pretext on a split's training scans and measure on all: displacements, what they
 * come from, and every scan's direction.
 */
export async function evaluateSortingSplit(
  request: SplitRequest,
  scans: readonly OpenedScan[],
  context: JobContext,
): Promise<SortingSplitResult> {
  const { split, config } = request;
  const { seed, slicesPerBatch: slices, flipInvariant = false } = config;
  const options: DiagnoseSortingOptions = { seed, slices, flipInvariant };
  const held = scans.filter(({ scan }) => split.validation.includes(scan));
  const others = scans.filter(({ scan }) => split.training.includes(scan));
  for (const { scan, shape } of [...held, ...others]) {
    if (shape[0] >= slices) continue;
    throw new InvalidInput(
      `${scan}: expected ${slices} slices or more to sort, got ${shape[0]} at this size`,
    );
  }
  const { network, trained } = await runSplit(request, others, context, async (now) => {
    const score = scorer(now, config, context);
    const volumes = [];
    for (const { scan, view } of held) {
      volumes.push({ id: scan, scores: await score(view.values) });
    }
    const found = diagnoseSorting(volumes, { ...options, draws: DRAWS_ON_THE_WAY });
    return { displacement: found.all, directionFree: found.directionFree };
  });
  try {
    context.progress({ fraction: 1, note: "measuring" });
    const trivial = fitTrivialOrderings(others.map(({ view }) => view.values));
    const score = scorer(network, config, context);
    const measured = await measureSorting(held, score, trivial, options);
    const training = await measureSorting(others, score, trivial, options);
    const rows = [...rowsOf(held, measured, true), ...rowsOf(others, training, false)];
    const { losses: _, ...course } = trained;
    return {
      pretext: "sorting",
      ...split,
      ...course,
      validated: measured.diagnostics,
      trained: training.diagnostics,
      ...(measured.specimenOnly && { specimenOnly: measured.specimenOnly.all }),
      ...(measured.backgroundOnly && { backgroundOnly: measured.backgroundOnly.all }),
      scans: rows,
      directions: checkDirections(
        rows.map(({ id, direction }) => ({
          scan: id,
          named: direction,
          said: scans.find(({ scan }) => scan === id)!.direction,
        })),
      ),
      warnings: warnShortcut(measured.diagnostics),
    };
  } finally {
    network.dispose();
  }
}

function scorer(
  network: PretextNetwork,
  { imageSize }: SplitRequest["config"],
  context: JobContext,
): ScoreSlices {
  return (volume) =>
    driveSteps(scorePositions(network as SortingNetwork, volume, { imageSize }), context);
}

function rowsOf(
  scans: readonly OpenedScan[],
  { diagnostics, scores, specimenOnly, backgroundOnly }: MeasuredSorting,
  held: boolean,
): SortedScan[] {
  return scans.map(({ scan, shape, reversed }, i) => {
    const volume = diagnostics.volumes[i]!;
    const tau = kendallTau(
      scores.get(scan)!,
      Array.from({ length: shape[0] }, (_, z) => z),
    );
    const of = (other: typeof specimenOnly) => other?.volumes.find(({ id }) => id === scan)?.all;
    const [inside, outside] = [of(specimenOnly), of(backgroundOnly)];
    return {
      ...volume,
      slices: shape[0],
      held,
      reversed,
      kendall: Number.isNaN(tau) ? 0 : tau,
      direction: volume.spearman < 0 === reversed ? 1 : -1,
      ...(inside === undefined ? {} : { specimenOnly: inside }),
      ...(outside === undefined ? {} : { backgroundOnly: outside }),
    };
  });
}

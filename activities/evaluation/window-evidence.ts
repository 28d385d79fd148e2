import { meanProbability } from "../../domain/localization/refine/mean-probability.ts";
import { pseudoLabels } from "../../domain/localization/refine/pseudo-labels.ts";
import { scoreVoxels } from "../../domain/localization/refine/score-voxels.ts";
import type { RefinerNetwork } from "../../domain/localization/refine/refiner-network.ts";
import { meanMap } from "../../domain/localization/mean-map.ts";
import { scoreWindows } from "../../domain/localization/score-windows.ts";
import { sliceQuantiles } from "../../domain/localization/slice-quantiles.ts";
import type { CertaintyMap } from "../../domain/localization/view.ts";
import type { RotationNetwork } from "../../domain/pretexts/pretext-network.ts";
import { AXES } from "../../domain/volumes/shape.ts";
import type { Grid } from "../../domain/volumes/shape.ts";
import { localizeParameters } from "../../schemas/batch.ts";
import { driveSteps } from "../engine/drive-steps.ts";
import type { JobContext } from "../engine/job.ts";
import { trainRefiner } from "../refine/train-refiner.ts";
import type { ScanEvidence } from "./reconcile-evidence.ts";
import type { RefinedBy } from "./localization-result.ts";
import type { OpenedScan } from "./open-scans.ts";
import { scanProfiles } from "./scan-profiles.ts";

export interface WindowEvidenceOptions {
  readonly windowSize: number;
  readonly refineSteps: number;
  readonly seed: number;
}

/** A slice is as certain as its most certain voxels, but for outliers. */
const QUANTILE = 0.97;
const STRIDE = localizeParameters.properties.stride.default;

/** Maps of windows of all scans, and what a refinement network that learns from them sees, as a batch does it. */
export async function windowEvidence(
  network: RotationNetwork,
  scans: readonly OpenedScan[],
  { windowSize, refineSteps, seed }: WindowEvidenceOptions,
  context: JobContext,
): Promise<{ readonly evidence: readonly ScanEvidence[]; readonly refined?: RefinedBy }> {
  const radius = windowSize / 2;
  const maps: CertaintyMap[][] = [];
  for (const [i, { scan, view }] of scans.entries()) {
    const axes: CertaintyMap[] = [];
    for (const axis of AXES) {
      context.progress({
        fraction: (0.5 * (i + axis / 3)) / scans.length,
        note: `${scan}: windows`,
      });
      const steps = scoreWindows(network, view, axis, { windowSize, stride: STRIDE });
      axes.push(await driveSteps(steps, context));
    }
    maps.push(axes);
  }
  const refining = await refine(scans, maps, radius, { refineSteps, seed }, context);
  const evidence = scans.map(({ view, place }, i): ScanEvidence => {
    const probability = refining?.probabilities[i];
    const { valid } = view;
    const seen = probability ?? meanMap(maps[i]!, valid.shape, 1);
    const masked = { shape: seen.shape, data: seen.data.map((v, k) => v * valid.data[k]!) };
    return {
      windows: { maps: maps[i]!, radius },
      ...(probability && { probability }),
      profiles: scanProfiles(sliceQuantiles(masked, QUANTILE), view.bin, place),
    };
  });
  return { evidence, ...(refining && { refined: refining.refined }) };
}

/** Undefined where it is not asked for, or no map has a voxel that is surely specimen. */
async function refine(
  scans: readonly OpenedScan[],
  maps: readonly (readonly CertaintyMap[])[],
  radius: number,
  { refineSteps: steps, seed }: Pick<WindowEvidenceOptions, "refineSteps" | "seed">,
  { signal, progress }: JobContext,
) {
  if (steps === 0) return undefined;
  const data = scans.flatMap(({ view }, i) => {
    const labels = pseudoLabels(maps[i]!, view, radius);
    return labels === undefined ? [] : [{ view, labels }];
  });
  if (data.length === 0) return undefined;
  const { refiner, loss } = await trainRefiner(
    data,
    { steps, seed },
    {
      signal,
      progress: (step) => progress({ ...step, fraction: 0.5 + 0.25 * step.fraction }),
    },
  );
  try {
    const probabilities: Grid<Float32Array>[] = [];
    for (const [i, { scan, view }] of scans.entries()) {
      progress({ fraction: 0.75 + (0.25 * i) / scans.length, note: `${scan}: voxels` });
      probabilities.push(await probabilityOf(refiner, view, { signal }));
    }
    return { probabilities, refined: { steps, loss, scans: data.length } };
  } finally {
    refiner.network.dispose();
  }
}

async function probabilityOf(
  refiner: RefinerNetwork,
  view: OpenedScan["view"],
  context: Pick<JobContext, "signal">,
): Promise<Grid<Float32Array>> {
  const axes: Grid<Float32Array>[] = [];
  for (const axis of AXES) axes.push(await driveSteps(scoreVoxels(refiner, view, axis), context));
  return meanProbability(axes);
}

import { NotFound } from "../../domain/errors.ts";
import { openRefiner } from "../../domain/localization/refine/refiner-file.ts";
import { scoreVoxels } from "../../domain/localization/refine/score-voxels.ts";
import { sliceQuantiles } from "../../domain/localization/slice-quantiles.ts";
import { type Axis, AXIS_NAMES } from "../../domain/volumes/shape.ts";
import { keys } from "../../schemas/names.ts";
import type { ViewRef } from "../../schemas/volume.ts";
import { driveSteps } from "../engine/drive-steps.ts";
import type { Job } from "../engine/job.ts";
import { useTensorFlow } from "../engine/use-tensorflow.ts";
import type { LocalizeResult } from "../localize-axis.ts";
import { toJson } from "../stage/manifests.ts";
import { writeProbability } from "../stage/probability.ts";
import type { JobOutcome } from "../stage/run-stage.ts";
import { readView } from "../stage/view-store.ts";
import { putObject } from "../volumes/put-object.ts";
import type { JobDeps } from "./index.ts";

export interface LocalizeRefinedJob {
  readonly key: string;
  readonly view: ViewRef;
  readonly refiner: string;
  readonly axis: Axis;
}

/** A slice is as certain as its most certain voxels, but for outliers. */
const QUANTILE = 0.97;

/** The probability of specimen per voxel of a view, as a refinement network sees it along one axis. */
export function createLocalizeRefinedJob({
  store,
  addon,
}: JobDeps): Job<LocalizeRefinedJob, JobOutcome<LocalizeResult>> {
  return async function localizeRefined({ key, view: ref, refiner: of, axis }, context) {
    await useTensorFlow(addon);
    const view = await readView(store, ref);
    const path = `${keys.refiner(of)}/refiner.bin`;
    const bytes = await store.get(path);
    if (bytes === undefined) throw new NotFound(`${store.url(path)} does not exist`);
    const refiner = openRefiner(bytes);
    try {
      const note = `refining along ${AXIS_NAMES[axis]}`;
      const probability = await driveSteps(scoreVoxels(refiner, view, axis), context, (step) =>
        context.progress({ ...step, note }),
      );
      const values = [...sliceQuantiles(probability, QUANTILE)[axis]];
      const outputs = [
        ...(await writeProbability(store, key, probability)),
        await putObject(
          store,
          `${keys.stage("refine", key)}/profile.json`,
          toJson({ axis, values }),
        ),
      ];
      return { result: { axis, range: [Math.min(...values), Math.max(...values)] }, outputs };
    } finally {
      refiner.network.dispose();
    }
  };
}

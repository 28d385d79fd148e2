import { createBatchActivities } from "./batch.ts";
import { createChooseCalibration } from "./calibration/choose-calibration.ts";
import { createCrop } from "./crop.ts";
import { createDownscale } from "./downscale.ts";
import { createEncoderActivities } from "./encoder.ts";
import { createIngest } from "./ingest.ts";
import { createLocalizeAxis } from "./localize-axis.ts";
import { createLocalizeRefined } from "./localize-refined.ts";
import { createPretrainActivities } from "./pretrain.ts";
import { createReconcile } from "./reconcile.ts";
import { createRefine } from "./refine.ts";
import { createRetain } from "./retain.ts";
import { createSegmentActivities } from "./segment.ts";
import type { StageDeps } from "./stage/run-stage.ts";
import { createSuppress } from "./suppress.ts";
import { createWriteReport } from "./write-report.ts";

/** Everything a worker can do, given its ports. Which queue runs what: `workflows/proxies.ts`. */
export function createActivities(deps: StageDeps) {
  return {
    ...createBatchActivities(deps),
    ...createEncoderActivities(deps),
    ...createPretrainActivities(deps),
    ...createSegmentActivities(deps),
    chooseCalibration: createChooseCalibration(deps),
    ingest: createIngest(deps),
    downscale: createDownscale(deps),
    suppress: createSuppress(deps),
    localizeAxis: createLocalizeAxis(deps),
    refine: createRefine(deps),
    localizeRefined: createLocalizeRefined(deps),
    reconcile: createReconcile(deps),
    crop: createCrop(deps),
    writeReport: createWriteReport(deps),
    retain: createRetain(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;

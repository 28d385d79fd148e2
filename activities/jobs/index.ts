import type { Jobs } from "../engine/job.ts";
import { storeFromEnvironment } from "../stores/store-from-environment.ts";
import { createApplySegmentationJob } from "./apply-segmentation.ts";
import { createCropJob } from "./crop.ts";
import { createDownscaleJob } from "./downscale.ts";
import { fingerprint } from "./fingerprint.ts";
import { createIngestJob } from "./ingest.ts";
import { createLocalizeJob } from "./localize.ts";
import { createLocalizeRefinedJob } from "./localize-refined.ts";
import { createPretrainJob } from "./pretrain.ts";
import { createReconcileJob } from "./reconcile.ts";
import { createRefineJob } from "./refine.ts";
import { createReportJob } from "./report.ts";
import { createRestoreJob, createRetainJob } from "./retain.ts";
import { createSuppressJob } from "./suppress.ts";
import { createTrainSegmentationJob } from "./train-segmentation.ts";

/** What a job needs besides its input. */
export interface JobDeps {
  readonly store: ReturnType<typeof storeFromEnvironment>;
  /** Where the TensorFlow addon is; loaded by the first job that needs it. */
  readonly addon: string | undefined;
}

/** Every job, built in the child process from its environment. */
export function createJobs(env: NodeJS.ProcessEnv): Jobs {
  const deps: JobDeps = { store: storeFromEnvironment(env), addon: env["MICROTOME_TFJS_ADDON"] };
  return {
    fingerprint,
    ingest: createIngestJob(deps),
    downscale: createDownscaleJob(deps),
    suppress: createSuppressJob(deps),
    pretrain: createPretrainJob(deps),
    localize: createLocalizeJob(deps),
    refine: createRefineJob(deps),
    "localize-refined": createLocalizeRefinedJob(deps),
    reconcile: createReconcileJob(deps),
    crop: createCropJob(deps),
    report: createReportJob(deps),
    retain: createRetainJob(deps),
    restore: createRestoreJob(deps),
    "train-segmentation": createTrainSegmentationJob(deps),
    "apply-segmentation": createApplySegmentationJob(deps),
  };
}

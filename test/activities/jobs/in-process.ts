import { createInlineRunner } from "../../../activities/engine/inline-runner.ts";
import { createActivities } from "../../../activities/index.ts";
import { createApplySegmentationJob } from "../../../activities/jobs/apply-segmentation.ts";
import { createCropJob } from "../../../activities/jobs/crop.ts";
import { createDownscaleJob } from "../../../activities/jobs/downscale.ts";
import { fingerprint } from "../../../activities/jobs/fingerprint.ts";
import { createIngestJob } from "../../../activities/jobs/ingest.ts";
import { createLocalizeJob } from "../../../activities/jobs/localize.ts";
import { createPretrainJob } from "../../../activities/jobs/pretrain.ts";
import { createReconcileJob } from "../../../activities/jobs/reconcile.ts";
import { createSuppressJob } from "../../../activities/jobs/suppress.ts";
import { createTrainSegmentationJob } from "../../../activities/jobs/train-segmentation.ts";
import { toJson } from "../../../activities/stage/manifests.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { resolveBatch } from "../../../cli/resolve-batch.ts";
import type { PreparedScan } from "../../../schemas/stages.ts";
import { asActivity, fakeDeps } from "../stage/fake-stage.ts";

/**
 * The pipeline without servers: the real activities and jobs in this process, on a store in memory
 * that holds one batch.
 */
export async function inProcess(
  given: { readonly scans: readonly object[] } & Readonly<Record<string, unknown>>,
  {
    store = createMemoryStore(),
    addon,
  }: { store?: ReturnType<typeof createMemoryStore>; addon?: string } = {},
) {
  const deps = { store, addon };
  const runner = createInlineRunner({
    fingerprint,
    ingest: createIngestJob(deps),
    downscale: createDownscaleJob(deps),
    suppress: createSuppressJob(deps),
    pretrain: createPretrainJob(deps),
    localize: createLocalizeJob(deps),
    reconcile: createReconcileJob(deps),
    crop: createCropJob(deps),
    "train-segmentation": createTrainSegmentationJob(deps),
    "apply-segmentation": createApplySegmentationJob(deps),
  });
  const activities = createActivities(fakeDeps(runner, { store }));
  const spec = "spec.json";
  const { spec: batch } = resolveBatch({ batch: "b", ...given }, "/");
  await store.put(spec, toJson(batch));

  /** What `prepareScan` does. */
  async function prepare(scan: string): Promise<PreparedScan> {
    return asActivity(async () => {
      const about = { batch: "b", scan };
      const { result: volume } = await activities.ingest({ ...about, spec });
      const { result } = await activities.downscale({ ...about, volume });
      const shapes = result.shapes.map(([z, y, x]): [number, number, number] => [z, y, x]);
      let labels: PreparedScan["labels"];
      if (batch.scans.find(({ id }) => id === scan)?.labels !== undefined) {
        labels = (await activities.ingest({ ...about, spec, labels: true })).result;
        await activities.checkLabels({ scan, volume, labels });
        await activities.downscale({ ...about, volume: labels, labels: true });
      }
      const { result: view } = await activities.suppress({ ...about, spec, volume, shapes });
      return { scan, volume, shapes, view, ...(labels === undefined ? {} : { labels }) };
    });
  }

  return { store, activities, spec, batch, prepare };
}

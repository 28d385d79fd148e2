import { createCropJob } from "../../../activities/jobs/crop.ts";
import { createDownscaleJob } from "../../../activities/jobs/downscale.ts";
import type { JobDeps } from "../../../activities/jobs/index.ts";
import { createIngestJob } from "../../../activities/jobs/ingest.ts";
import type { SourceSpec } from "../../../activities/sources/source.ts";
import type { Box } from "../../../domain/volumes/shape.ts";
import type { VolumeRef } from "../../../schemas/volume.ts";

// All that the benchmarks know of the pipeline: its jobs, as an engine process runs them.

const context = { signal: new AbortController().signal, progress: () => undefined };

/** A scan into `volumes/<key>.zarr`, with its pyramid and documents. */
export async function convert(
  store: JobDeps["store"],
  source: SourceSpec,
  key: string,
): Promise<VolumeRef> {
  const deps = { store, addon: undefined };
  const ingest = createIngestJob(deps);
  const { result: volume } = await ingest(
    { key, source, mode: "mean", name: key, metadata: {} },
    context,
  );
  await createDownscaleJob(deps)({ volume, mode: "mean" }, context);
  return volume;
}

/** The voxels of a box into `crops/<key>.zarr`, with pyramid, documents and record. */
export async function crop(
  store: JobDeps["store"],
  volume: VolumeRef,
  box: Box,
  key: string,
): Promise<void> {
  const margin: Box = [[0, 0], [0, 0], [0, 0]]; // prettier-ignore
  await createCropJob({ store, addon: undefined })(
    { key, volume, box, margin, record: {} },
    context,
  );
}

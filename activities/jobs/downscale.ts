import type { Downsampling } from "../../domain/volumes/pyramid.ts";
import { keys } from "../../schemas/names.ts";
import type { DownscaleResult } from "../../schemas/stages.ts";
import type { VolumeRef } from "../../schemas/volume.ts";
import type { Job } from "../engine/job.ts";
import { readDocument } from "../stage/documents.ts";
import type { JobOutcome } from "../stage/run-stage.ts";
import { describeVolume } from "../volumes/describe-volume.ts";
import { standingPyramid } from "../volumes/pyramid-record.ts";
import { sourceProvenance } from "../volumes/source-provenance.ts";
import { storedBytes } from "../volumes/stored-bytes.ts";
import { writePyramid } from "../volumes/write-pyramid.ts";
import type { JobDeps } from "./index.ts";
import type { SourceRecord } from "./ingest.ts";

export interface DownscaleJob {
  readonly volume: VolumeRef;
  readonly mode: Downsampling;
}

/**
 * Make sure of the coarser levels, which ingest usually wrote in passing, then write the document
 * that makes the whole an OME-Zarr image.
 */
export function createDownscaleJob({
  store,
}: JobDeps): Job<DownscaleJob, JobOutcome<DownscaleResult>> {
  return async function downscale({ volume, mode }, { signal, progress }) {
    const prefix = keys.volume(volume.digest);
    const standing = await standingPyramid(store, keys.pyramidRecord(volume.digest), prefix, mode);
    const { shapes, outputs } =
      standing ??
      (await writePyramid(store, prefix, mode, {
        signal,
        onProgress: (fraction) =>
          progress({ fraction: 0.95 * fraction, note: "building the pyramid" }),
      }));
    const { name, format, origin, metadata, voxelSizeFrom } = await readDocument<SourceRecord>(
      store,
      `${prefix}/source.json`,
    );
    const document = await describeVolume(store, prefix, {
      name,
      dtype: volume.dtype,
      voxelSizeUm: volume.voxelSizeUm,
      shapes,
      downsampling: mode,
      ...(mode === "mode" ? { labels: {} } : {}),
      origin: { format, ...origin },
      metadata,
      record: sourceProvenance(origin, volume.voxelSizeUm, voxelSizeFrom),
    });
    const level0 = await storedBytes(store, `${prefix}/0/`);
    const all = await storedBytes(store, `${prefix}/`);
    return {
      result: {
        shapes,
        bytes: all.bytes,
        level0Bytes: level0.bytes,
        objects: all.objects,
        level0Objects: level0.objects,
      },
      outputs: [...outputs, document],
    };
  };
}

import type { Output } from "../../schemas/manifest.ts";
import { keys } from "../../schemas/names.ts";
import type { VolumeRef } from "../../schemas/volume.ts";
import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";
import type { Downsampling } from "../../domain/volumes/pyramid.ts";
import type { Job } from "../engine/job.ts";
import { openSource } from "../sources/open-source.ts";
import type { SourceSpec } from "../sources/source.ts";
import { resolveVoxelSize } from "../sources/voxel-size/voxel-size-resolve.ts";
import { sha256 } from "../stage/content-key.ts";
import { toJson } from "../stage/manifests.ts";
import type { JobOutcome } from "../stage/run-stage.ts";
import { putObject } from "../volumes/put-object.ts";
import { createPyramidWriter } from "../volumes/pyramid-writer.ts";
import { writePlanes } from "../volumes/write-planes.ts";
import type { PyramidRecord } from "../volumes/pyramid-record.ts";
import type { JobDeps } from "./index.ts";

export interface IngestJob {
  readonly key: string;
  readonly source: SourceSpec;
  /** How the coarser levels are made: `mean` for images, `mode` for labels. */
  readonly mode: Downsampling;
  readonly name: string;
  readonly metadata: JsonObject;
}

/** What the volume's document will say of where it came from; kept beside level 0 until then. */
export interface SourceRecord {
  readonly name: string;
  readonly format: string;
  readonly origin: JsonObject;
  readonly metadata: JsonObject;
  /** Who says how large voxels are: `file`, `user`, or `unknown` (1 µm is written then). */
  readonly voxelSizeFrom: string;
}

/**
 * Stream a scan, plane by plane, into the levels of its volume. What the stage promises is level 0;
 * the coarser levels, which cost no second reading here, are listed in `pyramid.json` for the
 * downscale stage.
 */
export function createIngestJob({ store }: JobDeps): Job<IngestJob, JobOutcome<VolumeRef>> {
  return async function ingest({ key, source: spec, mode, name, metadata }, context) {
    const { signal, progress } = context;
    const source = await openSource(spec, "/");
    const { shape, dtype, format, origin } = source;
    const { voxelSizeUm, from, ...size } = resolveVoxelSize(spec, source);
    const prefix = keys.volume(key);
    const writer = createPyramidWriter(store, prefix, { shape, dtype, mode, signal });
    const planes = source.planes(signal, (z) => writer.place(z));
    const { shapes, levels } = await writePlanes(writer, planes, (z) =>
      progress({ fraction: z / shape[0], note: `slice ${z} of ${shape[0]}` }),
    );
    const pyramid: PyramidRecord = { mode, shapes, outputs: levels.slice(1).flat() };
    const pyramidObject = await putObject(store, keys.pyramidRecord(key), toJson(pyramid));
    const record: SourceRecord = {
      name,
      format,
      origin: { ...origin, ...(size.overruledUm && { overruledUm: size.overruledUm }) },
      metadata,
      voxelSizeFrom: from,
    };
    const recordObject = await firstRecord(`${prefix}/source.json`, record);
    return {
      result: { digest: key, shape: [...shape], dtype, voxelSizeUm: [...voxelSizeUm] },
      outputs: [...levels[0]!, pyramidObject, recordObject],
    };
  };

  /** Equal bytes may come under two names: the first that brought them is remembered. */
  async function firstRecord(recordKey: string, record: SourceRecord): Promise<Output> {
    await store.putIfAbsent(recordKey, toJson(record));
    const standing = (await store.get(recordKey)) ?? toJson(record);
    return { key: recordKey, bytes: standing.length, sha256: sha256(standing) };
  }
}

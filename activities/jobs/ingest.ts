import { keys } from "../../schemas/names.ts";
import type { VolumeRef } from "../../schemas/volume.ts";
import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";
import type { Zyx } from "../../domain/volumes/shape.ts";
import type { Job } from "../engine/job.ts";
import { openSource } from "../sources/open-source.ts";
import type { SourceSpec } from "../sources/source.ts";
import { sha256 } from "../stage/content-key.ts";
import { toJson } from "../stage/manifests.ts";
import type { JobOutcome } from "../stage/run-stage.ts";
import { createVolumeWriter } from "../volumes/volume-writer.ts";
import type { JobDeps } from "./index.ts";

export interface IngestJob {
  readonly key: string;
  readonly source: SourceSpec;
  readonly name: string;
  readonly metadata: JsonObject;
}

/** What the volume's document will say of where it came from; kept beside level 0 until then. */
export interface SourceRecord {
  readonly name: string;
  readonly format: string;
  readonly origin: JsonObject;
  readonly metadata: JsonObject;
}

/** Nothing is known of the voxel size: one micrometre, as viewers assume. */
const UNKNOWN_VOXEL_SIZE: Zyx = [1, 1, 1];

/** Stream a scan, plane by plane, into level 0 of its volume. */
export function createIngestJob({ store }: JobDeps): Job<IngestJob, JobOutcome<VolumeRef>> {
  return async function ingest({ key, source: spec, name, metadata }, { signal, progress }) {
    const source = await openSource(spec, "/");
    const { shape, dtype, format, origin } = source;
    const prefix = keys.volume(key);
    const writer = createVolumeWriter(store, `${prefix}/0`, { shape, dtype, signal });
    let z = 0;
    for await (const plane of source.planes(signal)) {
      signal.throwIfAborted();
      await writer.writePlane(plane);
      z++;
      progress({ fraction: z / shape[0], note: `slice ${z} of ${shape[0]}` });
    }
    const { outputs } = await writer.close();
    const record: SourceRecord = { name, format, origin, metadata };
    // Equal bytes may come under two names: the first that brought them is remembered.
    const recordKey = `${prefix}/source.json`;
    await store.putIfAbsent(recordKey, toJson(record));
    const standing = (await store.get(recordKey)) ?? toJson(record);
    const recordOutput = {
      key: recordKey,
      bytes: standing.length,
      sha256: sha256(standing),
    };
    const voxelSizeUm = source.voxelSizeUm ?? UNKNOWN_VOXEL_SIZE;
    return {
      result: { digest: key, shape: [...shape], dtype, voxelSizeUm: [...voxelSizeUm] },
      outputs: [...outputs, recordOutput],
    };
  };
}

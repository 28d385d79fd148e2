import { backgroundStatistics } from "../../domain/volumes/background.ts";
import { boxShape, boxVolume, growBox, rescaleBox } from "../../domain/volumes/box.ts";
import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";
import { type Box, voxelCount } from "../../domain/volumes/shape.ts";
import { keys } from "../../schemas/names.ts";
import type { CropResult } from "../../schemas/stages.ts";
import type { VolumeRef } from "../../schemas/volume.ts";
import type { ObjectStore } from "../deps.ts";
import type { Job } from "../engine/job.ts";
import { readManifest, toJson } from "../stage/manifests.ts";
import type { JobOutcome } from "../stage/run-stage.ts";
import { describeVolume } from "../volumes/describe-volume.ts";
import { putObject } from "../volumes/put-object.ts";
import { readLevel } from "../volumes/read-box.ts";
import { storedBytes } from "../volumes/stored-bytes.ts";
import { streamViews } from "../volumes/stream-planes.ts";
import { type VolumeInfo, volumeInfo } from "../volumes/volume-info.ts";
import { createPyramidWriter } from "../volumes/pyramid-writer.ts";
import { writePlanes } from "../volumes/write-planes.ts";
import type { JobDeps } from "./index.ts";

export interface CropJob {
  readonly key: string;
  readonly volume: VolumeRef;
  readonly box: Box;
  readonly margin: Box;
  /** What else to remember: confidence, the decision, the encoder. All of it part of the key. */
  readonly record: JsonObject;
}

/**
 * Copy the voxels of box + margin into a volume of its own, with pyramid and record. Of the scan,
 * only the shards that the box touches are read.
 */
export function createCropJob({ store }: JobDeps): Job<CropJob, JobOutcome<CropResult>> {
  return async function crop({ key, volume, box, margin, record }, { signal, progress }) {
    const from = keys.volume(volume.digest);
    const to = keys.crop(key);
    const { dtype } = volume;
    const region = growBox(box, margin, volume.shape);
    const shape = boxShape(region);
    const info = await volumeInfo(store, from);
    const mode = info.downsampling;

    const writer = createPyramidWriter(store, to, { shape, dtype, mode, signal });
    const planes = streamViews(store, from, 0, region, { signal });
    const { shapes, levels } = await writePlanes(writer, planes, (z) =>
      progress({ fraction: (0.95 * z) / shape[0], note: `slice ${z} of ${shape[0]}` }),
    );

    const { parts } = (await readManifest(store, "ingest", volume.digest)) ?? {};
    const sourceDigest = parts?.inputs["source"];
    const cropRecord = {
      format: 1,
      // As it was first called: equal scans of two names share a volume, and its crops.
      scan: info.name,
      box,
      margin,
      region,
      source: {
        volume: volume.digest,
        shape: volume.shape,
        dtype,
        voxelSizeUm: volume.voxelSizeUm,
        // Of the user's files; a volume without its manifest was put there by hand.
        sourceDigest: typeof sourceDigest === "string" ? sourceDigest : null,
      },
      // The whole volume stays where it is. Retention may move or purge it later and says so in a
      // record of its own: this one is immutable.
      shell: { kept: "volume", at: from },
      background: await backgroundOf(store, from, info, region),
      ...record,
    };
    const document = await describeVolume(store, to, {
      name: info.name,
      dtype,
      voxelSizeUm: volume.voxelSizeUm,
      shapes,
      downsampling: mode,
      ...(info.origin === undefined ? {} : { origin: info.origin }),
      ...(info.metadata === undefined ? {} : { metadata: info.metadata }),
      ...(info.window === undefined ? {} : { window: info.window }),
      record: cropRecord,
    });
    const recordObject = await putObject(store, keys.cropRecord(key), toJson(cropRecord));
    const stored = await storedBytes(store, `${to}/`);
    const stored0 = await storedBytes(store, `${to}/0/`);
    return {
      result: {
        crop: key,
        shape,
        keptFraction: boxVolume(region) / voxelCount(volume.shape),
        bytes: stored.bytes,
        level0Bytes: stored0.bytes,
        objects: stored.objects,
        level0Objects: stored0.objects,
      },
      outputs: [...levels.flat(), document, recordObject],
    };
  };
}

/** Levels with more voxels than this are not read whole for their statistics. */
const MAX_BACKGROUND_VOXELS = 1_000_000;

/** The voxels outside the region, on the finest level that is small enough; null when there are none. */
async function backgroundOf(
  store: ObjectStore,
  prefix: string,
  { shapes }: VolumeInfo,
  region: Box,
): Promise<JsonObject | null> {
  const small = shapes.findIndex((shape) => voxelCount(shape) <= MAX_BACKGROUND_VOXELS);
  const level = small < 0 ? shapes.length - 1 : small;
  const grid = await readLevel(store, prefix, level);
  const found = backgroundStatistics(grid, rescaleBox(region, 0, level, grid.shape));
  return found === undefined ? null : { ...found, level };
}

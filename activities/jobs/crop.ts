import { boxShape, boxVolume, growBox } from "../../domain/volumes/box.ts";
import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";
import { type Box, voxelCount } from "../../domain/volumes/shape.ts";
import { keys } from "../../schemas/names.ts";
import type { CropResult } from "../../schemas/stages.ts";
import type { VolumeRef } from "../../schemas/volume.ts";
import type { Job } from "../engine/job.ts";
import { toJson } from "../stage/manifests.ts";
import type { JobOutcome } from "../stage/run-stage.ts";
import { describeVolume } from "../volumes/describe-volume.ts";
import { putObject } from "../volumes/put-object.ts";
import { storedBytes } from "../volumes/stored-bytes.ts";
import { streamPlanes } from "../volumes/stream-planes.ts";
import { volumeInfo } from "../volumes/volume-info.ts";
import { createVolumeWriter } from "../volumes/volume-writer.ts";
import { writePyramid } from "../volumes/write-pyramid.ts";
import type { JobDeps } from "./index.ts";

export interface CropJob {
  readonly key: string;
  readonly volume: VolumeRef;
  readonly box: Box;
  readonly margin: Box;
  /** What else to remember: confidence, the decision, the encoder. All of it part of the key. */
  readonly record: JsonObject;
}

/** Copy the voxels of box + margin into a volume of its own, with pyramid and record. */
export function createCropJob({ store }: JobDeps): Job<CropJob, JobOutcome<CropResult>> {
  return async function crop({ key, volume, box, margin, record }, { signal, progress }) {
    const from = keys.volume(volume.digest);
    const to = keys.crop(key);
    const region = growBox(box, margin, volume.shape);
    const shape = boxShape(region);
    const info = await volumeInfo(store, from);

    const writer = createVolumeWriter(store, `${to}/0`, { shape, dtype: volume.dtype, signal });
    let z = 0;
    for await (const plane of streamPlanes(store, from, 0, region, { signal })) {
      await writer.writePlane(plane);
      z++;
      progress({ fraction: (0.8 * z) / shape[0], note: `slice ${z} of ${shape[0]}` });
    }
    const level0 = await writer.close();
    const pyramid = await writePyramid(store, to, "mean", {
      signal,
      onProgress: (fraction) => progress({ fraction: 0.8 + 0.15 * fraction, note: "pyramid" }),
    });

    const cropRecord = {
      box,
      margin,
      region,
      source: { volume: volume.digest, shape: volume.shape, dtype: volume.dtype },
      // The whole volume stays where it is: the shell was not moved.
      shell: "kept",
      ...record,
    };
    const document = await describeVolume(store, to, {
      name: info.name,
      dtype: volume.dtype,
      voxelSizeUm: volume.voxelSizeUm,
      shapes: pyramid.shapes,
      downsampling: "mean",
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
      },
      outputs: [...level0.outputs, ...pyramid.outputs, document, recordObject],
    };
  };
}

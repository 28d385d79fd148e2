import { normaliseCrop } from "../../domain/segmentation/normalise.ts";
import { predict } from "../../domain/segmentation/predict.ts";
import { keys } from "../../schemas/names.ts";
import type { SegmentationResult } from "../../schemas/stages.ts";
import { breathe } from "../engine/breathe.ts";
import type { Job } from "../engine/job.ts";
import { useTensorFlow } from "../engine/use-tensorflow.ts";
import { openSegmentation } from "../segmentation-file.ts";
import type { JobOutcome } from "../stage/run-stage.ts";
import { describeVolume } from "../volumes/describe-volume.ts";
import { readLevel } from "../volumes/read-box.ts";
import { volumeInfo } from "../volumes/volume-info.ts";
import { createPyramidWriter } from "../volumes/pyramid-writer.ts";
import { writePlanes } from "../volumes/write-planes.ts";
import type { JobDeps } from "./index.ts";

export interface ApplySegmentationJob {
  readonly key: string;
  /** Key of the crop. */
  readonly crop: string;
  /** Key of the model. */
  readonly model: string;
}

/** Label every voxel of a crop; the result is an OME-Zarr label image on the crop's grid. */
export function createApplySegmentationJob({
  store,
  addon,
}: JobDeps): Job<ApplySegmentationJob, JobOutcome<SegmentationResult>> {
  return async function applySegmentation({ key, crop, model: modelKey }, { signal, progress }) {
    await useTensorFlow(addon);
    const { header, model } = await openSegmentation(store, modelKey);
    try {
      const image = normaliseCrop(await readLevel(store, keys.crop(crop), 0, { signal }));
      const steps = predict(model, image, header.labels.length);
      let step = steps.next();
      while (step.done !== true) {
        progress({ fraction: 0.9 * step.value.fraction, note: "labelling" });
        await breathe();
        signal.throwIfAborted();
        step = steps.next();
      }
      const { shape, data } = step.value;
      const dtype = header.labels.every((label) => label <= 255) ? "uint8" : "uint16";
      const prefix = keys.labels(key);
      const writer = createPyramidWriter(store, prefix, { shape, dtype, mode: "mode", signal });
      const voxels: Record<string, number> = {};
      const area = shape[1] * shape[2];
      function* planes() {
        for (let z = 0; z < shape[0]; z++) {
          const classes = data.subarray(z * area, (z + 1) * area);
          const plane = Uint16Array.from(classes, (k) => header.labels[k]!);
          for (const label of plane) voxels[label] = (voxels[label] ?? 0) + 1;
          yield dtype === "uint8" ? Uint8Array.from(plane) : plane;
        }
      }
      const { shapes, levels } = await writePlanes(writer, planes());
      const info = await volumeInfo(store, keys.crop(crop));
      const document = await describeVolume(store, prefix, {
        name: `${info.name} labels`,
        dtype,
        voxelSizeUm: info.voxelSizeUm,
        shapes,
        downsampling: "mode",
        labels: {},
        record: { model: modelKey, crop, labels: header.labels },
      });
      return {
        result: { labels: key, voxels },
        outputs: [...levels.flat(), document],
      };
    } finally {
      model.network.dispose();
    }
  };
}

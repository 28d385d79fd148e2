import { InvalidInput, NotFound } from "../../domain/errors.ts";
import { exportParameters, importParameters } from "../../domain/networks/parameters.ts";
import { openEncoder } from "../../domain/pretexts/encoder-file.ts";
import type { EncoderConfig } from "../../domain/networks/encoder.ts";
import { createRandom } from "../../domain/random.ts";
import {
  addConfusions,
  type Confusion,
  confusion,
  intersectionOverUnion,
} from "../../domain/segmentation/confusion.ts";
import { normaliseCrop } from "../../domain/segmentation/normalise.ts";
import { predict } from "../../domain/segmentation/predict.ts";
import {
  createPatchSource,
  createSegmentationLearner,
  type LabelledGrid,
} from "../../domain/segmentation/segmentation-learner.ts";
import {
  createSegmentationNetwork,
  type SegmentationNetwork,
} from "../../domain/segmentation/segmentation-network.ts";
import { createTrainer } from "../../domain/training/trainer.ts";
import type { Grid } from "../../domain/volumes/shape.ts";
import { keys } from "../../schemas/names.ts";
import type { SegmentationModelResult } from "../../schemas/stages.ts";
import { breathe } from "../engine/breathe.ts";
import { driveSteps } from "../engine/drive-steps.ts";
import { compiledOrEager } from "../engine/graph/compiled-or-eager.ts";
import type { Job, JobContext } from "../engine/job.ts";
import { useTensorFlow } from "../engine/use-tensorflow.ts";
import type { LabelledCrop, ResolvedSegmentation } from "../segment.ts";
import { saveSegmentation, type SegmentationHeader } from "../segmentation-file.ts";
import { toJson } from "../stage/manifests.ts";
import type { JobOutcome } from "../stage/run-stage.ts";
import { putObject } from "../volumes/put-object.ts";
import { readBox, readLevel } from "../volumes/read-box.ts";
import type { JobDeps } from "./index.ts";
import { labelValues, toClasses } from "./label-classes.ts";

export type TrainSegmentationJob = ResolvedSegmentation & { readonly key: string };

/** Share of the job's progress bar that training takes; the rest is measuring. */
const TRAINING_SHARE = 0.85;
const CLIP_NORM = 5;
/** Without a pretrained encoder: the demo's and the tests' size; pretrained ones bring their own. */
const FROM_SCRATCH: EncoderConfig = { kind: "resnet18", width: 16 };

interface LabelledScan {
  readonly scan: string;
  readonly grid: LabelledGrid;
}

/**
 * Fine-tune a U-Net on labelled crops and measure it: intersection over union per class on scans
 * that it has not seen, or on the training scans where there is only one.
 */
export function createTrainSegmentationJob({
  store,
  addon,
}: JobDeps): Job<TrainSegmentationJob, JobOutcome<SegmentationModelResult>> {
  return async function trainSegmentation({ key, crops, encoder, parameters }, context) {
    await useTensorFlow(addon);
    context.progress({ fraction: 0, note: "reading crops and labels" });
    const images = new Map<string, Grid<Float32Array>>();
    const raw = new Map<string, Grid>();
    for (const crop of crops) {
      context.signal.throwIfAborted();
      images.set(crop.scan, normaliseCrop(await readLevel(store, keys.crop(crop.crop), 0)));
      raw.set(crop.scan, await readBox(store, keys.volume(crop.labels), 0, crop.region));
    }
    const labels = labelValues([...raw.values()]);
    const scans = crops.map(({ scan }) => ({
      scan,
      grid: { image: images.get(scan)!, classes: toClasses(raw.get(scan)!, labels) },
    }));
    const { training, validation } = split(crops, scans, parameters);

    const { config, pretrained } = await readEncoder(encoder?.key);
    const model = createSegmentationNetwork(config, labels.length, parameters.seed);
    try {
      if (pretrained !== undefined) importParameters(model.network.parts.encoder, pretrained);
      const loss = await train(model, training, labels.length, parameters, context);
      const measured = await measure(
        model,
        validation.length > 0 ? validation : training,
        labels.length,
        context,
      );
      const iou: Record<string, number> = {};
      intersectionOverUnion(measured).forEach((value, k) => {
        if (value !== undefined) iou[String(labels[k])] = value;
      });
      const foreground = Object.entries(iou).filter(([label]) => Number(label) !== labels[0]);
      const result: SegmentationModelResult = {
        model: key,
        classes: labels,
        iou,
        meanIou: foreground.reduce((sum, [, v]) => sum + v, 0) / Math.max(1, foreground.length),
        trainingScans: training.map(({ scan }) => scan),
        validationScans: validation.map(({ scan }) => scan),
      };
      const header: SegmentationHeader = {
        format: "microtome-segmentation",
        version: 1,
        encoder: config,
        labels,
        normalisation: "median-and-spread",
      };
      const prefix = keys.model(key);
      const outputs = [
        await putObject(store, `${prefix}/model.bin`, saveSegmentation(header, model)),
        await putObject(
          store,
          `${prefix}/model.json`,
          toJson({ ...header, parameters, encoder, result, loss, confusion: measured }),
        ),
      ];
      return { result, outputs };
    } finally {
      model.network.dispose();
    }
  };

  async function readEncoder(key: string | undefined) {
    if (key === undefined) return { config: FROM_SCRATCH, pretrained: undefined };
    const path = `${keys.encoder(key)}/encoder.bin`;
    const bytes = await store.get(path);
    if (bytes === undefined) throw new NotFound(`${store.url(path)} does not exist`);
    const { network } = openEncoder(bytes);
    const config = network.encoder.config;
    const pretrained = exportParameters(network.parts.encoder);
    network.dispose();
    if (config.kind === "window-net") {
      throw new InvalidInput(`Encoder ${key} is a window-net; a U-Net needs a ResNet`);
    }
    return { config, pretrained };
  }
}

async function train(
  model: SegmentationNetwork,
  data: readonly LabelledScan[],
  classes: number,
  { steps, batchSize, rate, imageSize, seed }: ResolvedSegmentation["parameters"],
  { signal, progress }: JobContext,
): Promise<number> {
  const draw = createPatchSource(
    data.map(({ grid }) => grid),
    { classes, batchSize, imageSize, seed },
  );
  const warmup = Math.min(50, Math.floor(steps / 10));
  const trainer = await createTrainer(
    createSegmentationLearner(model, { classes }),
    { draw },
    {
      ...{ steps, rate, warmup, seed, clipNorm: CLIP_NORM, optimizer: { kind: "adam" } },
      createRunner: compiledOrEager((reason) =>
        progress({ fraction: 0, note: `training step by step, not compiled: ${reason}` }),
      ),
    },
  );
  try {
    const { loss } = await driveSteps(trainer.train(), { signal }, ({ step, loss }) =>
      progress({
        fraction: (TRAINING_SHARE * step) / steps,
        note: `step ${step} of ${steps}, loss ${loss.toFixed(3)}`,
      }),
    );
    await trainer.pull();
    return loss;
  } finally {
    trainer.dispose();
  }
}

async function measure(
  model: SegmentationNetwork,
  scans: readonly LabelledScan[],
  classes: number,
  { signal, progress }: JobContext,
): Promise<Confusion> {
  let counts: Confusion | undefined;
  for (const [index, { scan, grid }] of scans.entries()) {
    const steps = predict(model, grid.image, classes);
    let step = steps.next();
    while (step.done !== true) {
      const share = (index + step.value.fraction) / scans.length;
      progress({
        fraction: TRAINING_SHARE + (1 - TRAINING_SHARE) * share,
        note: `measuring on ${scan}`,
      });
      await breathe();
      signal.throwIfAborted();
      step = steps.next();
    }
    const one = confusion(grid.classes.data, step.value.data, classes);
    counts = counts === undefined ? one : addConfusions(counts, one);
  }
  return counts!;
}

/** Hold whole scans out, drawn by the seed; at least one where there are two. */
function split(
  crops: readonly LabelledCrop[],
  scans: readonly LabelledScan[],
  { validationFraction, seed }: ResolvedSegmentation["parameters"],
) {
  const random = createRandom(seed, "split");
  const order = crops
    .map(({ scan }) => ({ scan, draw: random.next() }))
    .sort((a, b) => a.draw - b.draw)
    .map(({ scan }) => scan);
  const wanted = Math.max(1, Math.round(validationFraction * crops.length));
  const held = new Set(
    validationFraction === 0 || crops.length < 2
      ? []
      : order.slice(0, Math.min(wanted, crops.length - 1)),
  );
  return {
    training: scans.filter(({ scan }) => !held.has(scan)),
    validation: scans.filter(({ scan }) => held.has(scan)),
  };
}

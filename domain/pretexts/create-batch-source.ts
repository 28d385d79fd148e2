import { specimenRange } from "../localization/specimen-range.ts";
import type { View } from "../localization/view.ts";
import { createRandom } from "../random.ts";
import type { Random } from "../random.ts";
import type { Arrays } from "../training/arrays.ts";
import type { BatchSource } from "../training/learner.ts";
import { ANGLES } from "./angles.ts";
import { createContrastiveSampler } from "./contrastive-sampler.ts";
import { phaseAt, phaseViews } from "./curriculum.ts";
import { augmentationOf } from "./pretrain-config.ts";
import type { CurriculumPhase, PretrainConfig } from "./pretrain-config.ts";
import { rotatePairs } from "./rotated-pairs.ts";
import { createSliceSampler } from "./slice-sampler.ts";
import { createSortingSampler } from "./sorting-sampler.ts";
import { sliceStencil, windowStencil } from "./stencil.ts";
import { createWindowSampler } from "./window-sampler.ts";

/**
 * What draws a pretext's batches from views: a function of the configuration, the views in their
 * order, and the batch's number alone, so that any thread can draw any batch. Batches count from 1;
 * step k is made of `accumulate` batches, the last of which is k · accumulate.
 *
 * Throws `InvalidInput` for views with nothing in them.
 */
export function createBatchSource(config: PretrainConfig, views: readonly View[]): BatchSource {
  const { seed, steps, accumulate = 1, curriculum = [] } = config;
  const full = createSampler(config, views, undefined);
  const phases = new Map<CurriculumPhase, Sampler>();
  const during = (phase: CurriculumPhase) => {
    const known = phases.get(phase);
    if (known !== undefined) return known;
    // Phases follow one another: the sampler of an earlier one, with its views, is not needed again.
    phases.clear();
    const sampler = createSampler(config, phaseViews(views, phase), phase);
    phases.set(phase, sampler);
    return sampler;
  };
  return (batch) => {
    const phase = phaseAt(curriculum, Math.ceil(batch / accumulate), steps);
    const sample = phase === undefined ? full : during(phase);
    return sample(createRandom(seed, `batch-${batch}`));
  };
}

type Sampler = (random: Random) => Arrays;

function createSampler(
  config: PretrainConfig,
  views: readonly View[],
  phase: CurriculumPhase | undefined,
): Sampler {
  const { imageSize, batchSize } = config;
  const image = (values: Float32Array, n: number) => ({
    shape: [n, imageSize, imageSize, 1],
    values,
  });
  if (config.pretext === "sorting") {
    const sample = createSortingSampler(views, {
      ...config,
      augmentation: augmentationOf(config),
      ...(config.sortWithin === "specimen" ? { ranges: views.map(specimenRange) } : {}),
    });
    return (random) => {
      const { images, positions } = sample(random);
      const k = positions.length;
      return {
        images: image(images, k),
        positions: { shape: [k], values: Float32Array.from(positions) },
      };
    };
  }
  if (config.pretext !== "rotation") {
    const augmentation = augmentationOf(config);
    const sample = createContrastiveSampler(views, { ...config, augmentation });
    return (random) => {
      const { a, b } = sample(random);
      return { a: image(a, batchSize), b: image(b, batchSize) };
    };
  }
  const windows = config.view === "windows";
  const sample = windows ? createWindowSampler(views, config) : createSliceSampler(views, config);
  const stencil = windows ? windowStencil(config.windowSize) : sliceStencil(imageSize);
  const allowed = ANGLES.flatMap((angle, i) =>
    phase?.angles?.includes(angle) === false ? [] : [i],
  );
  return (random) => {
    const pairs = Array.from({ length: batchSize }, () => sample(random));
    const { images, classes } = rotatePairs(pairs, stencil, random, allowed);
    return {
      images: { shape: [2 * batchSize, stencil.size, stencil.size, 1], values: images },
      classes: { shape: [batchSize], values: Int32Array.from(classes) },
    };
  };
}

import { checkAugmentation } from "../augmentation/check-augmentation.ts";
import type { AugmentationConfig } from "../augmentation/augmentation-config.ts";
import { AUGMENTATIONS } from "../augmentation/augmentation-presets.ts";
import type { AugmentationName } from "../augmentation/augmentation-presets.ts";
import { InvalidInput } from "../errors.ts";
import type { OptimizerConfig } from "../training/optimizer.ts";
import type { Schedule } from "../training/schedule.ts";
import { ANGLES } from "./angles.ts";
import { checkSliceDistribution } from "./slice-distribution.ts";
import type { SliceDistribution } from "./slice-distribution.ts";

/** The self-supervised tasks: the paper's two, and the baselines that it compares with. */
export type PretextName = "rotation" | "sorting" | "simclr" | "mocov3";

/** A pretraining, as it is asked for: plain JSON, everything that the learned weights depend on. */
export interface PretrainConfig {
  /** Disc-shaped windows (for localization) or whole slices (the paper's). */
  readonly view: "windows" | "slices";
  /** All but `rotation` need whole slices. */
  readonly pretext: PretextName;
  readonly encoder: "window-net" | "resnet18" | "resnet34" | "resnet50" | "resnet152";
  /** Channels of the encoder's first stage. */
  readonly width: number;
  readonly steps: number;
  /** Pairs per batch (rotation), or slices of which two views are made (simclr, mocov3). */
  readonly batchSize: number;
  /** The peak of the learning rate. */
  readonly rate: number;
  readonly seed: number;
  /** Steps of linear rise to the peak. */
  readonly warmup: number;
  /** Diameter of a window, in voxels of the view. */
  readonly windowSize: number;
  /** Side of a whole slice as the network sees it, in pixels. */
  readonly imageSize: number;
  /**
   * How far a whole slice's twin may be, as a share of the axis; 0: the same slice, for simclr and
   * mocov3 of other augmentation.
   */
  readonly twinRange: number;
  /** k: slices per batch, all of one view (sorting). */
  readonly slicesPerBatch: number;
  /** Sorting: specimens may be mounted either way up. @default false */
  readonly flipInvariant?: boolean;
  /** Sorting: how far apart two scores should at least be. @default 0.2 */
  readonly margin?: number;
  /** Sorting: scores are brought to mean 0 and variance 1 before the loss. @default false */
  readonly normaliseScores?: boolean;
  /** Sorting: which slices of a volume a batch is made of. @default uniform, none twice */
  readonly distribution?: SliceDistribution;
  /**
   * Sorting: from all slices, or from those between which the label-free energy localizer sees the
   * specimen: where ends are empty, all slices are sorted by the container. @default "all"
   */
  readonly sortWithin?: "all" | "specimen";
  /** What happens to whole slices of all pretexts but rotation. @default light, or contrastive */
  readonly augmentation?: AugmentationName | AugmentationConfig;
  /**
   * ResNets: share of channels that each of the four stages loses in training. The authors'
   * localization model: [0.5, 0.5, 0.5, 0]. @default none
   */
  readonly dropouts?: readonly number[];
  /** simclr and mocov3: τ, by which cosines are divided. @default 0.07, the authors', and 0.2 */
  readonly temperature?: number;
  /** mocov3: how much of the momentum encoder stays in a step, at first. @default 0.99 */
  readonly encoderMomentum?: number;
  /** @default Adam, without weight decay */
  readonly optimizer?: OptimizerConfig;
  /** How the rate falls after the warm-up. @default "cosine" */
  readonly decay?: Schedule["decay"];
  /** Gradients together longer than this are scaled down to it; 0: never. @default 5 */
  readonly clipNorm?: number;
  /** Batches per step, whose gradients are averaged. @default 1 */
  readonly accumulate?: number;
  /** Keep a moving average of the weights, of which this share stays per step, and publish it. */
  readonly ema?: number;
  /** Share of the views that is not trained on but measured on, at least one. @default 0 */
  readonly validation?: number;
  /** Steps between validations. @default 100 */
  readonly validateEvery?: number;
  /** Stop after this many validations that were no better than the best; 0: never. @default 0 */
  readonly patience?: number;
  /** Easier tasks first; phases follow one another, and the last is followed by the full task. */
  readonly curriculum?: readonly CurriculumPhase[];
}

/** A part of the training in which the task is easier. */
export interface CurriculumPhase {
  /** The phase ends at this share of the steps, above 0 and below 1. */
  readonly until: number;
  /** Rotation: only these angles, in degrees out of `ANGLES`. @default all */
  readonly angles?: readonly number[];
  /** Standard deviation of a Gaussian that the views are smoothed by, in voxels. @default 0 */
  readonly smooth?: number;
  /** Share of the views, those with the most structure in their noise. @default 1 */
  readonly views?: number;
}

/** Gradients together longer than this are scaled down to it, unless `clipNorm` says otherwise. */
export const CLIP_NORM = 5;

/** Throws `InvalidInput` naming the first value that cannot be trained with. */
export function checkPretrainConfig(config: PretrainConfig): void {
  whole(config, "width", 1, 1024);
  whole(config, "steps", 1);
  whole(config, "batchSize", 1, 65536);
  whole(config, "seed", 0, 2 ** 32 - 1);
  whole(config, "warmup", 0);
  whole(config, "windowSize", 4, 512);
  whole(config, "imageSize", 8, 4096);
  whole(config, "slicesPerBatch", 2, 65536);
  whole(config, "accumulate", 1, 4096);
  whole(config, "validateEvery", 1);
  whole(config, "patience", 0);
  between(config, "rate", Number.MIN_VALUE, 1);
  between(config, "twinRange", 0, 1);
  between(config, "clipNorm", 0, Number.MAX_VALUE);
  between(config, "ema", 0, 1 - Number.EPSILON);
  between(config, "validation", 0, 0.9);
  between(config, "margin", 0, 100);
  between(config, "temperature", 1e-3, 100);
  between(config, "encoderMomentum", 0, 1);
  if (config.pretext !== "rotation" && config.view === "windows") {
    throw new InvalidInput(
      `Expected whole slices for ${config.pretext}: windows are for rotation only`,
    );
  }
  const { dropouts = [], encoder, distribution, augmentation } = config;
  if (!dropouts.every((rate) => rate >= 0 && rate < 1) || dropouts.length > 4) {
    throw new InvalidInput(`Expected dropouts of up to 4 stages below 1, got [${dropouts}]`);
  }
  if (encoder === "window-net" && dropouts.some((rate) => rate > 0)) {
    throw new InvalidInput("Expected a ResNet for dropouts: a window-net has no such stages");
  }
  checkBatchBytes(config);
  if (config.patience !== undefined && config.patience > 0 && !config.validation) {
    throw new InvalidInput(
      "Expected a validation share for patience: there is nothing to wait for",
    );
  }
  if (distribution !== undefined) checkSliceDistribution(distribution);
  if (augmentation !== undefined) checkAugmentation(augmentationOf(config));
  checkCurriculum(config.curriculum ?? []);
}

/** What happens to the slices of a configuration, spelled out. */
export function augmentationOf({
  pretext,
  augmentation = pretext === "sorting" ? "light" : "contrastive",
}: Pick<PretrainConfig, "pretext" | "augmentation">): AugmentationConfig {
  if (typeof augmentation !== "string") return augmentation;
  if (Object.hasOwn(AUGMENTATIONS, augmentation)) return AUGMENTATIONS[augmentation];
  const known = Object.keys(AUGMENTATIONS).join(", ");
  throw new InvalidInput(`Expected an augmentation (${known}), got ${String(augmentation)}`);
}

/** More than this in one batch is a typing error, which would otherwise fail for want of memory. */
const MOST_PIXELS = 2 ** 28;

function checkBatchBytes({ pretext, view, batchSize, slicesPerBatch, ...config }: PretrainConfig) {
  const side = view === "windows" ? config.windowSize : config.imageSize;
  const images = pretext === "sorting" ? slicesPerBatch : 2 * batchSize;
  if (images * side * side > MOST_PIXELS) {
    throw new InvalidInput(
      `Expected batches of up to ${MOST_PIXELS} pixels, got ${images} images of ${side} × ${side}`,
    );
  }
}

function checkCurriculum(phases: readonly CurriculumPhase[]): void {
  let from = 0;
  phases.forEach(({ until, angles, smooth = 0, views = 1 }, i) => {
    const refuse = (what: string) => {
      throw new InvalidInput(`Expected curriculum[${i}].${what}`);
    };
    if (!(until > from) || until >= 1) refuse(`until above ${from} and below 1, got ${until}`);
    from = until;
    if (angles !== undefined) {
      const known = angles.every((angle) => (ANGLES as readonly number[]).includes(angle));
      const different = new Set(angles).size;
      if (different < 2 || different < angles.length || !known) {
        refuse(`angles two or more different ones of ${ANGLES.join(", ")}`);
      }
    }
    if (!(smooth >= 0) || smooth > 8) refuse(`smooth from 0 to 8, got ${smooth}`);
    if (!(views > 0) || views > 1) refuse(`views above 0 and up to 1, got ${views}`);
  });
}

type NumberName = {
  [K in keyof PretrainConfig]-?: number extends PretrainConfig[K] ? K : never;
}[keyof PretrainConfig];

function whole(
  config: PretrainConfig,
  name: NumberName,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): void {
  const value = config[name];
  if (value !== undefined && !Number.isInteger(value)) {
    throw new InvalidInput(`Expected ${name} to be a whole number, got ${value}`);
  }
  between(config, name, least, most);
}

function between(config: PretrainConfig, name: NumberName, least: number, most: number): void {
  const value = config[name];
  if (value !== undefined && !(value >= least && value <= most)) {
    throw new InvalidInput(`Expected ${name} to be from ${least} to ${most}, got ${value}`);
  }
}

import type { LocalizerPlan } from "../activities/evaluation/evaluate-localization.ts";
import { checkPretrainConfig } from "../domain/pretexts/pretrain-config.ts";
import { given } from "./evaluation-options.ts";

export const LOCALIZERS = ["windows", "rotation", "sorting", "energy"] as const;
export type LocalizerName = (typeof LOCALIZERS)[number];

export const LOCALIZATION_PRESETS = ["medaka-like", "xenopus-like"] as const;
export type LocalizationPreset = (typeof LOCALIZATION_PRESETS)[number];

/** What localizers are trained with, as the command line says it. */
export interface LocalizerOptions {
  readonly localizer?: readonly LocalizerName[];
  readonly preset?: LocalizationPreset;
  readonly learning: boolean;
  readonly seeds: number;
  readonly seed: number;
  readonly minutes: number;
  readonly steps?: number;
  readonly refineSteps: number;
  readonly width?: number;
  readonly batchSize?: number;
  readonly windowSize: number;
  readonly imageSize?: number;
  readonly rate: number;
  readonly warmStart?: string;
}

/** Windows and whole slices as a batch has them, `schemas/batch.ts`; sorting as `evaluate sorting`. */
const DEFAULTS = {
  windows: {
    pretext: "rotation",
    view: "windows",
    encoder: "window-net",
    width: 24,
    batchSize: 96,
    imageSize: 64,
    twinRange: 0,
    warmup: 100,
    slicesPerBatch: 2,
  },
  rotation: {
    pretext: "rotation",
    view: "slices",
    encoder: "resnet18",
    width: 16,
    batchSize: 32,
    imageSize: 64,
    twinRange: 0.05,
    warmup: 100,
    slicesPerBatch: 2,
  },
  sorting: {
    pretext: "sorting",
    view: "slices",
    encoder: "resnet18",
    width: 16,
    batchSize: 12,
    imageSize: 128,
    twinRange: 0,
    warmup: 50,
    slicesPerBatch: 12,
    ema: 0.99,
    // The authors' localization model; specimens may be mounted either way up.
    dropouts: [0.5, 0.5, 0.5, 0],
    flipInvariant: true,
  },
} as const;

/** The paper pairs slices up to 100 of 504 apart. */
const PAPER_TWIN_RANGE = 0.2;

const OF_PRESET: Readonly<Record<LocalizationPreset, readonly LocalizerName[]>> = {
  "medaka-like": ["sorting"],
  "xenopus-like": ["rotation"],
};

/** How each localizer is trained; the energy needs no training, and is always measured. */
export function planLocalizers(options: LocalizerOptions): LocalizerPlan[] {
  const { preset, learning, seeds, seed, minutes, steps, warmStart } = options;
  const { width, batchSize, windowSize, imageSize, rate, refineSteps } = options;
  const { localizer = preset === undefined ? ["windows" as const] : OF_PRESET[preset] } = options;
  if (!learning) return [];
  const trained = [...new Set(localizer)].filter((name) => name !== "energy");
  return trained.map((name) => {
    const config = {
      ...{ seed, rate, windowSize },
      ...DEFAULTS[name],
      ...(preset === "xenopus-like" ? { twinRange: PAPER_TWIN_RANGE } : {}),
      ...given({ width, batchSize, imageSize }),
      ...(name === "sorting" && batchSize !== undefined ? { slicesPerBatch: batchSize } : {}),
    };
    checkPretrainConfig({ ...config, steps: steps ?? 1 });
    return {
      localizer: name,
      config,
      refineSteps: name === "windows" ? refineSteps : 0,
      budget: steps === undefined ? { seconds: 60 * minutes } : { steps },
      ...given({ warmStart }),
      seeds,
    };
  });
}

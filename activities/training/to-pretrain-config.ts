import type { PretrainConfig } from "../../domain/pretexts/pretrain-config.ts";
import type { PretrainParameters } from "../../schemas/batch.ts";
import type { Restart } from "./restarts.ts";

/** What is trained, from the parameters of a batch or campaign and how it was begun anew. */
export function toPretrainConfig(
  parameters: PretrainParameters,
  restart?: Restart,
): PretrainConfig {
  const { view, pretext, encoder, width, steps, batchSize, rate, seed, warmup } = parameters;
  const { windowSize, imageSize, twinRange, flipInvariant } = parameters;
  const { decay, clipNorm, accumulate, validation, validateEvery, patience } = parameters;
  const { margin, normaliseScores, distribution, sortWithin, augmentation, dropouts } = parameters;
  const { temperature, encoderMomentum } = parameters;
  const { optimizer: kind, weightDecay, momentum, ema } = parameters;
  return {
    ...{ view, pretext, encoder, width, steps, batchSize, rate, seed, warmup },
    ...{ windowSize, imageSize, twinRange, flipInvariant },
    ...{ decay, clipNorm, accumulate, validation, validateEvery, patience },
    ...{ margin, normaliseScores, distribution, sortWithin, augmentation, dropouts },
    ...{ temperature, encoderMomentum },
    optimizer: { kind, weightDecay, momentum },
    ...(ema === 0 ? {} : { ema }),
    curriculum: restart?.curriculum ?? parameters.curriculum,
    slicesPerBatch: pretext === "sorting" ? batchSize : 2,
  };
}

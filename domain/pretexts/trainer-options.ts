import { RECENT } from "../training/history.ts";
import { ROTATION_PLATEAU } from "../training/plateau.ts";
import type { PlateauRule } from "../training/plateau.ts";
import type { TrainerOptions } from "../training/trainer.ts";
import { CLIP_NORM } from "./pretrain-config.ts";
import type { PretrainConfig } from "./pretrain-config.ts";

/** Training's part of a configuration, with what is not said left to the trainer. */
export function trainerOptions(config: PretrainConfig): TrainerOptions {
  const { steps, rate, warmup, seed, accumulate = 1, optimizer = { kind: "adam" } } = config;
  const { decay, ema, validateEvery, patience = 0, clipNorm = CLIP_NORM } = config;
  return {
    ...{ steps, rate, warmup, seed, accumulate, optimizer },
    clipNorm: clipNorm === 0 ? Infinity : clipNorm,
    ...(decay === undefined ? {} : { decay }),
    ...(ema === undefined ? {} : { ema }),
    ...(validateEvery === undefined ? {} : { validateEvery }),
    ...(patience === 0 ? {} : { patience }),
    ...(config.pretext === "rotation" ? { plateau: plateauOf(config) } : {}),
  };
}

/** Guessing costs less while there are fewer angles: judged once the full task has had its time. */
function plateauOf({ steps, curriculum = [] }: PretrainConfig): PlateauRule {
  const easy = Math.ceil((curriculum.at(-1)?.until ?? 0) * steps);
  return { ...ROTATION_PLATEAU, step: Math.max(ROTATION_PLATEAU.step, easy + RECENT) };
}

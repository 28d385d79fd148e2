import type { PretrainConfig } from "../../domain/pretexts/pretrain-config.ts";
import type { TrainingStep } from "../../domain/training/fit.ts";
import type { Metrics } from "../../domain/training/learner.ts";

/** A step in words, for whoever watches: "rotation: step 120 of 600, loss 1.31, accuracy 0.48". */
export function describeStep(
  { step, loss, validation, ...metrics }: TrainingStep,
  { steps, pretext }: Pick<PretrainConfig, "steps" | "pretext">,
): string {
  const measured =
    validation === undefined ? [] : [`held out: ${describeMetrics(validation).join(", ")}`];
  const numbers = [`loss ${loss.toFixed(3)}`, ...describeMetrics(metrics), ...measured];
  return `${pretext}: step ${step} of ${steps}, ${numbers.join(", ")}`;
}

function describeMetrics({ accuracy, displacement }: Metrics): string[] {
  return [
    ...(accuracy === undefined ? [] : [`accuracy ${accuracy.toFixed(2)}`]),
    ...(displacement === undefined ? [] : [`displacement ${displacement.toFixed(2)}`]),
  ];
}

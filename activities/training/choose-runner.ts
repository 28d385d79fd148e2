import type { PretrainConfig } from "../../domain/pretexts/pretrain-config.ts";
import { eagerRunner } from "../../domain/training/eager-runner.ts";
import type { CreateStepRunner } from "../../domain/training/step-program.ts";
import { compiledOrEager } from "../engine/graph/compiled-or-eager.ts";

/**
 * How the steps of a training are run: compiled, unless they accumulate over batches, which one graph
 * would all have in memory at once. `notice` is told why if they cannot be compiled.
 */
export function chooseRunner(
  { accumulate = 1 }: Pick<PretrainConfig, "accumulate">,
  notice: (note: string) => void,
): CreateStepRunner {
  if (accumulate > 1) return eagerRunner;
  return compiledOrEager((reason) => notice(`training step by step, not compiled: ${reason}`));
}

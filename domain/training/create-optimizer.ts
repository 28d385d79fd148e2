import type { Parameters } from "../networks/parameters.ts";
import { createAdam } from "./adam.ts";
import { createLars } from "./lars.ts";
import type { Optimizer, OptimizerConfig } from "./optimizer.ts";
import { createSgd } from "./sgd.ts";

/** The optimizer that a configuration names, with its state at zero. */
export function createOptimizer(parameters: Parameters, config: OptimizerConfig): Optimizer {
  const { kind, weightDecay = 0, momentum = 0.9, nesterov = false, trust = 0.001 } = config;
  if (kind === "sgd") return createSgd(parameters, { momentum, nesterov, weightDecay });
  if (kind === "lars") return createLars(parameters, { momentum, weightDecay, trust });
  return createAdam(parameters, { weightDecay, decoupled: kind === "adamw" });
}

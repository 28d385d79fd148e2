import type { Random } from "../random.ts";

/**
 * How a forward pass is meant: training normalises by the batch, moves the running statistics and
 * drops units by chance; inference uses the running statistics and is deterministic.
 */
export type Mode =
  { readonly training: false } | { readonly training: true; readonly random: Random };

export const INFERENCE = { training: false } as const satisfies Mode;

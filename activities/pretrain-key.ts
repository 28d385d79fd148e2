import type { PretrainParameters } from "../schemas/batch.ts";
import type { KeyParts } from "../schemas/manifest.ts";

const VERSION = 2;

/**
 * The parameters that what is learned depends on. How often it is saved, how few scans are too few
 * and which encoder is used instead do not change a weight.
 */
export function semanticParameters(
  pretrain: PretrainParameters,
): Omit<PretrainParameters, "from" | "minScans" | "checkpointEvery"> {
  const {
    from: _from,
    minScans: _minScans,
    checkpointEvery: _checkpointEvery,
    ...semantic
  } = pretrain;
  return semantic;
}

/** What a pretraining's key is the digest of. The order of scans does not matter. */
export function pretrainParts(
  pretrain: PretrainParameters,
  views: readonly string[],
  warmStart?: string,
): KeyParts {
  return {
    stage: "pretrain",
    version: VERSION,
    parameters: semanticParameters(pretrain),
    inputs: { views: [...views].sort(), ...(warmStart === undefined ? {} : { warmStart }) },
  };
}

/** What an encoder published before its campaign's end is keyed by: the same, and where it stopped. */
export function stoppedParts(parts: KeyParts, step: number): KeyParts {
  return { ...parts, parameters: { ...parts.parameters, stoppedAt: step } };
}

/** What an encoder is keyed by whose training stayed at chance and was begun anew. */
export function restartedParts(
  parts: KeyParts,
  { warmStart, curriculum }: { readonly warmStart?: string; readonly curriculum?: unknown },
): KeyParts {
  return {
    ...parts,
    parameters: { ...parts.parameters, ...(curriculum === undefined ? {} : { curriculum }) },
    inputs: { ...parts.inputs, ...(warmStart === undefined ? {} : { warmStart }) },
  };
}

/** The campaign of a batch: named for people by the batch, and for machines by what it trains. */
export function campaignName(batch: string, key: string): string {
  return `${batch.slice(0, 80)}-${key.slice(0, 12)}`;
}

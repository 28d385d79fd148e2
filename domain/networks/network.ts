import { createParameters, disposeParameters } from "./parameters.ts";
import type { Parameters, ParameterSpec } from "./parameters.ts";

/** Weights in named parts, such as `encoder` and `head`. Whoever creates a network disposes it. */
export interface Network<Part extends string = string> {
  /** The arrays of each part, by the names of its specification. */
  readonly parts: Readonly<Record<Part, Parameters>>;
  /** What gradients change: the trainable arrays of all parts, under `<part>/<name>`. */
  readonly parameters: Parameters;
  /** What training only records, under `<part>/<name>`: running means and variances. */
  readonly statistics: Parameters;
  dispose(): void;
}

/**
 * Allocate a network with random weights. The same seed gives the same weights, and those of one
 * array do not depend on what else there is.
 */
export function createNetwork<Part extends string>(
  specs: Readonly<Record<Part, readonly ParameterSpec[]>>,
  seed: number,
): Network<Part> {
  const names = Object.keys(specs) as Part[];
  const parts = Object.fromEntries(
    names.map((part) => [part, createParameters(specs[part], seed)]),
  ) as Record<Part, Parameters>;
  const where = (trainable: boolean): Parameters =>
    new Map(
      names.flatMap((part) =>
        specs[part]
          .filter((spec) => spec.trainable === trainable)
          .map(({ name }) => [`${part}/${name}`, parts[part].get(name)!] as const),
      ),
    );
  return {
    parts,
    parameters: where(true),
    statistics: where(false),
    dispose: () => names.forEach((part) => disposeParameters(parts[part])),
  };
}

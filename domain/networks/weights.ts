import { IncompatibleCheckpoint } from "../errors.ts";
import type { Network } from "./network.ts";
import { exportParameters, importParameters } from "./parameters.ts";
import type { NamedArrays, Parameters } from "./parameters.ts";

/** What an array is called and how it is shaped. */
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Arrays as one block of numbers. */
export interface Weights {
  readonly manifest: readonly WeightEntry[];
  /** All arrays one after the other, in the manifest's order. */
  readonly values: Float32Array;
}

/** Copy a network's weights out: its parameters, then its running statistics. */
export function toWeights(network: Pick<Network, "parameters" | "statistics">): Weights {
  return packArrays(exportParameters(everything(network)));
}

/** Put weights into a network. Throws `IncompatibleCheckpoint`, changing nothing, unless all fit. */
export function loadWeights(
  network: Pick<Network, "parameters" | "statistics">,
  weights: Weights,
): void {
  assign(everything(network), weights);
}

/** As `loadWeights`, for a network that was made for these weights: it is disposed unless they fit. */
export function fillNetwork(
  network: Pick<Network, "parameters" | "statistics" | "dispose">,
  weights: Weights,
): void {
  try {
    loadWeights(network, weights);
  } catch (error) {
    network.dispose();
    throw error;
  }
}

/** As `loadWeights`, for any arrays. */
export function assign(parameters: Parameters, weights: Weights): void {
  assertFits(parameters, weights);
  importParameters(parameters, unpackArrays(weights));
}

/** Throws `IncompatibleCheckpoint`, saying what differs, unless names, shapes and length agree. */
export function assertFits(parameters: Parameters, weights: Weights): void {
  const differences = compare(parameters, weights.manifest);
  if (differences.length > 0) {
    const shown = differences.slice(0, 5).join("; ");
    const more = differences.length > 5 ? `; and ${differences.length - 5} more` : "";
    throw new IncompatibleCheckpoint(`The weights do not fit the network: ${shown}${more}`);
  }
  unpackArrays(weights);
}

/** Arrays by name as one block. */
export function packArrays(arrays: NamedArrays): Weights {
  const all = [...arrays.values()];
  const values = new Float32Array(all.reduce((sum, { values }) => sum + values.length, 0));
  let at = 0;
  for (const array of all) {
    values.set(array.values, at);
    at += array.values.length;
  }
  return { manifest: [...arrays].map(([name, { shape }]) => ({ name, shape })), values };
}

/** One block as arrays by name. Throws `IncompatibleCheckpoint` when numbers are missing or left. */
export function unpackArrays({ manifest, values }: Weights): NamedArrays {
  let at = 0;
  const arrays = manifest.map(({ name, shape }) => {
    const size = shape.reduce((product, n) => product * n, 1);
    return [name, { shape, values: values.subarray(at, (at += size)) }] as const;
  });
  if (at !== values.length) {
    throw new IncompatibleCheckpoint(`Expected ${at} weights, got ${values.length}`);
  }
  return new Map(arrays);
}

function everything({ parameters, statistics }: Pick<Network, "parameters" | "statistics">) {
  return new Map([...parameters, ...statistics]);
}

function compare(parameters: Parameters, manifest: readonly WeightEntry[]): string[] {
  const stored = new Map(manifest.map(({ name, shape }) => [name, shape]));
  const needed = [...parameters].flatMap(([name, { shape }]) => {
    const found = stored.get(name);
    if (found === undefined) return [`${name} is missing`];
    return shape.join() === found.join()
      ? []
      : [`${name} should be [${shape}], is [${[...found]}]`];
  });
  const unknown = [...stored.keys()]
    .filter((name) => !parameters.has(name))
    .map((name) => `${name} is unknown`);
  const repeated = stored.size < manifest.length ? ["a name occurs twice"] : [];
  return [...needed, ...unknown, ...repeated];
}

import * as tf from "@tensorflow/tfjs";
import { IncompatibleCheckpoint } from "../errors.ts";
import { createRandom } from "../random.ts";

/** One array of a network: its name, shape, and how it starts. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /**
   * Normal with this standard deviation around 0, uniform up to this far from 0, or this constant
   * everywhere.
   */
  readonly init:
    { readonly std: number } | { readonly uniform: number } | { readonly constant: number };
  /** False for what gradients leave alone: batch norm's running mean and variance. */
  readonly trainable: boolean;
}

/** The arrays of a network by name, in the order of its specification. */
export type Parameters = ReadonlyMap<string, tf.Variable>;

/** Number of trainable values, without allocating any. */
export function countTrainable(specs: readonly ParameterSpec[]): number {
  return specs
    .filter(({ trainable }) => trainable)
    .reduce((sum, { shape }) => sum + shape.reduce((n, side) => n * side, 1), 0);
}

/** Allocate and initialise; the same seed gives the same weights on every machine. */
export function createParameters(specs: readonly ParameterSpec[], seed: number): Parameters {
  return new Map(
    specs.map(({ name, shape, init, trainable }) => {
      const values = new Float32Array(shape.reduce((n, side) => n * side, 1));
      if ("constant" in init) values.fill(init.constant);
      else {
        const random = createRandom(seed, name);
        const draw =
          "std" in init
            ? () => init.std * random.normal()
            : () => random.uniform(-init.uniform, init.uniform);
        for (let i = 0; i < values.length; i++) values[i] = draw();
      }
      const start = tf.tensor(values, [...shape]);
      const variable = tf.variable(start, trainable);
      start.dispose();
      return [name, variable] as const;
    }),
  );
}

/** Free a network's arrays. */
export function disposeParameters(parameters: Parameters): void {
  for (const variable of parameters.values()) variable.dispose();
}

/** An array of a network; a name that is not there is a bug. */
export function parameter(parameters: Parameters, name: string): tf.Variable {
  const found = parameters.get(name);
  if (found === undefined) throw new RangeError(`The network has no parameter ${name}`);
  return found;
}

/** Arrays by name, as they travel and are stored. */
export type NamedArrays = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly values: Float32Array }
>;

/** Copy a network's arrays out of the engine. */
export function exportParameters(parameters: Parameters): NamedArrays {
  return new Map(
    [...parameters].map(([name, variable]) => [
      name,
      { shape: variable.shape, values: Float32Array.from(variable.dataSync()) },
    ]),
  );
}

/** Overwrite a network's arrays. `IncompatibleCheckpoint` names the first that does not fit. */
export function importParameters(parameters: Parameters, arrays: NamedArrays): void {
  for (const [name, variable] of parameters) {
    const found = arrays.get(name);
    if (found === undefined) {
      throw new IncompatibleCheckpoint(`The network needs ${name}, which is not stored`);
    }
    if (found.shape.join() !== variable.shape.join()) {
      throw new IncompatibleCheckpoint(
        `${name} is stored with shape [${found.shape}], the network needs [${variable.shape}]`,
      );
    }
  }
  tf.tidy(() => {
    for (const [name, variable] of parameters) {
      const found = arrays.get(name)!;
      // A copy: the engine may keep what it is handed.
      variable.assign(tf.tensor(found.values.slice(), [...found.shape]));
    }
  });
}

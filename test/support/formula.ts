import * as tf from "@tensorflow/tfjs";
import type { Parameters } from "../../domain/networks/parameters.ts";

/**
 * Uniform in [-1, 1), one for each place of an array, from a hash of its name and index. The twin of
 * `test/fixtures/make/torch/formula.py`: two implementations start alike without a file of weights.
 */
export function numbers(name: string, size: number): Float32Array {
  let start = 0x811c9dc5; // FNV-1a
  for (let i = 0; i < name.length; i++) {
    start = Math.imul(start ^ name.charCodeAt(i), 0x01000193) >>> 0;
  }
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    let x = (start + Math.imul(i, 0x9e3779b9)) >>> 0; // murmur3's last mix
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    values[i] = ((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1;
  }
  return values;
}

/**
 * What an array of a network starts with, by its name. `calm` keeps what comes before a ReLU away
 * from 0, where gradients jump: see the twin.
 */
export function formulaWeights(name: string, shape: readonly number[], calm = false): Float32Array {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = numbers(name, size);
  const late = /\.bn[23]\.\w+$/.test(name);
  const set = (f: (u: number) => number) => {
    for (let i = 0; i < size; i++) values[i] = f(values[i]!);
    return values;
  };
  if (name.endsWith(".kernel")) {
    const bound = Math.sqrt(6 / (shape[0]! * shape[1]! * shape[3]!));
    return set((u) => u * bound);
  }
  if (name.endsWith(".weights")) {
    const bound = Math.sqrt(3 / shape[0]!);
    return set((u) => u * bound);
  }
  const isScale = name.endsWith(".scale");
  if (!calm) return set((u) => (late ? 0.5 : 1) * ((isScale ? 1 : 0) + 0.25 * u));
  if (isScale) return set((u) => (late ? 0.3 : 0.5) * (1 + 0.2 * u));
  const either = /^stemBn\.|\.bn1\./.test(name);
  return set((u) => (late ? 0.6 : 1.5) * (either && u < 0 ? -1 : 1));
}

/** Put the formula's numbers into those arrays of a network that gradients move. */
export function setByFormula(parameters: Parameters, calm = false): void {
  tf.tidy(() => {
    for (const [name, variable] of parameters) {
      if (!variable.trainable) continue;
      variable.assign(tf.tensor(formulaWeights(name, variable.shape, calm), variable.shape));
    }
  });
}

/** An array in few numbers: largest magnitude, length, product with `numbers`, then samples. */
export type Digest = readonly number[];

let direction: Float32Array = new Float32Array(0);

/**
 * How far an array is from another one's digest, as a share of the other's largest magnitude or of
 * `unit`: the most that any of the digest's numbers shows.
 */
export function distance(values: Float32Array, digest: Digest, unit = 0): number {
  const [largest, length, product, ...samples] = digest as [number, number, number, ...number[]];
  if (direction.length < values.length) direction = numbers("digest", values.length);
  let [most, square, dot] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    most = Math.max(most, Math.abs(values[i]!));
    square += values[i]! ** 2;
    dot += values[i]! * direction[i]!;
  }
  // An error of ε everywhere moves both sums by up to about ε √n.
  const spread = Math.sqrt(values.length);
  const errors = [
    most - largest,
    (Math.sqrt(square) - length) / spread,
    (dot - product) / spread,
    ...samples.map((v, i) => values[Math.floor((i * values.length) / samples.length)]! - v),
  ];
  const worst = Math.max(...errors.map((e) => (Number.isFinite(e) ? Math.abs(e) : Infinity)));
  return worst / Math.max(largest, unit);
}

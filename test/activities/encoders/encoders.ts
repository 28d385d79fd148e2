import * as tf from "@tensorflow/tfjs";
import type { ExportableEncoder } from "../../../activities/encoders/exportable-encoder.ts";
import { createEncoder } from "../../../domain/networks/create-encoder.ts";
import { embed } from "../../../domain/networks/encoder.ts";
import type { EncoderConfig } from "../../../domain/networks/encoder.ts";
import { createParameters } from "../../../domain/networks/parameters.ts";
import { createRandom } from "../../../domain/random.ts";

/** An encoder as if it had been trained: nothing in batch norm is 0 or 1. The caller disposes it. */
export function trainedEncoder(config: EncoderConfig, size: number): ExportableEncoder {
  const encoder = createEncoder(config);
  const parameters = createParameters(encoder.specs, 4);
  const random = createRandom(4, "statistics");
  for (const [name, variable] of parameters) {
    const kind = /\.(scale|offset|mean|variance)$/.exec(name)?.[1];
    if (kind === undefined) continue;
    const around = kind === "scale" || kind === "variance" ? 1 : 0;
    const values = Float32Array.from(
      { length: variable.size },
      () => around + random.uniform(-0.4, 0.4),
    );
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  }
  return { encoder, parameters, size, metadata: { config, step: 7, note: "µm" } };
}

/** Images, and what the encoder makes of them here. */
export function computeHere({ encoder, parameters, size }: ExportableEncoder, count: number) {
  const random = createRandom(count, "images");
  const images = Float32Array.from({ length: count * size * size }, () => random.normal());
  const [embedding, features] = tf.tidy((): [tf.Tensor2D, tf.Tensor4D] => {
    const x = tf.tensor4d(images.slice(), [count, size, size, 1]);
    const mode = { training: false, momentum: encoder.momentum };
    const deepest = encoder.features(parameters, x, mode).at(-1)!;
    return [embed(encoder, parameters, x, false), deepest];
  });
  const result = {
    images,
    embedding: { shape: embedding.shape, values: embedding.dataSync() as Float32Array },
    features: { shape: features.shape, values: features.dataSync() as Float32Array },
  };
  tf.dispose([embedding, features]);
  return result;
}

/** The largest difference, as a share of the largest value. */
export function relativeError(found: ArrayLike<number>, expected: Float32Array): number {
  if (found.length !== expected.length) return Infinity;
  let [difference, largest] = [0, 0];
  expected.forEach((value, i) => {
    difference = Math.max(difference, Math.abs(found[i]! - value));
    largest = Math.max(largest, Math.abs(value));
  });
  return difference / largest;
}

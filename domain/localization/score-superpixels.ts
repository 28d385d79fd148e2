import * as tf from "@tensorflow/tfjs";
import { InvalidInput } from "../errors.ts";
import type { SortingNetwork } from "../pretexts/pretext-network.ts";
import { samplePlane } from "../pretexts/sample-plane.ts";
import { createSliceStack } from "../pretexts/slice-stack.ts";
import { sliceStencil } from "../pretexts/stencil.ts";
import { createRandom, type Random } from "../random.ts";
import type { Grid } from "../volumes/shape.ts";
import type { View } from "./view.ts";

export interface ScoreSuperpixelsOptions {
  /** Side of a slice as the network sees it: the one it was trained with. */
  readonly imageSize: number;
  /**
   * Whose variance: `embedding`, the paper's, the sum over the channels of the deepest features;
   * `score`, the authors' code, the score of each superpixel. @default "embedding"
   */
  readonly map?: "embedding" | "score";
  /** Passes with other channels dropped; the authors 64. @default 16 */
  readonly passes?: number;
  /** Share of channels that each stage loses. @default [0.5, 0.5, 0.5, 0], the authors' */
  readonly dropouts?: readonly number[];
  /** Slices from one that is looked at to the next. @default 1 */
  readonly stride?: number;
  /** @default 0 */
  readonly seed?: number;
}

/** A number per superpixel of slices along z. */
export interface SuperpixelMap {
  /** `[slices, h', w']` */
  readonly values: Grid<Float32Array>;
  /** The middle of superpixel (i, j, k) is at voxel `origin + step·(i, j, k)` of the view. */
  readonly origin: readonly [number, number, number];
  readonly step: readonly [number, number, number];
}

/** Slices per pass. */
const BATCH = 16;

/**
 * How far a sorting network's answer for each superpixel varies when channels are dropped by chance
 * (Monte-Carlo dropout): high where it sees something that the order is told by. Batch norm keeps
 * its running statistics. Yields the share that is done.
 *
 * @see arXiv 2011.03353, section 2.1; method.md, section 2.4
 */
export async function* scoreSuperpixels(
  network: SortingNetwork,
  { values }: View,
  options: ScoreSuperpixelsOptions,
): AsyncGenerator<{ readonly fraction: number }, SuperpixelMap, void> {
  const { imageSize, map = "embedding", passes = 16, stride = 1, seed = 0 } = options;
  const { dropouts: rates = [0.5, 0.5, 0.5, 0] } = options;
  if (!Number.isInteger(passes) || passes < 2) {
    throw new InvalidInput(`Expected 2 passes or more, got ${passes}`);
  }
  if (!Number.isInteger(stride) || stride < 1) {
    throw new InvalidInput(`Expected a stride of 1 slice or more, got ${stride}`);
  }
  const { count, plane, row, column, scale } = createSliceStack(values, 0, imageSize);
  const stencil = sliceStencil(imageSize);
  const indices = Array.from({ length: Math.ceil(count / stride) }, (_, i) => i * stride);
  const maps: Float32Array[] = [];
  let [height, width] = [0, 0];
  for (let from = 0; from < indices.length; from += BATCH) {
    const batch = indices.slice(from, from + BATCH);
    const images = new Float32Array(batch.length * imageSize ** 2);
    batch.forEach((index, n) =>
      samplePlane(
        plane(index),
        stencil,
        { row, column, scale, angle: 0, gain: 1 },
        images,
        n * imageSize ** 2,
      ),
    );
    const random = createRandom(seed, `superpixels-${from}`);
    const variance = varianceOf(network, images, {
      n: batch.length,
      imageSize,
      map,
      passes,
      rates,
      random,
    });
    [, height, width] = variance.shape;
    maps.push(await variance.data<"float32">());
    variance.dispose();
    yield { fraction: Math.min(1, (from + BATCH) / indices.length) };
  }
  const data = new Float32Array(indices.length * height * width);
  maps.reduce((at, part) => (data.set(part, at), at + part.length), 0);
  // Planes much larger than the image were averaged over blocks first: back to the view's voxels.
  const { rows, columns } = plane(0);
  const block = [values.shape[1] / rows, values.shape[2] / columns] as const;
  const side = (n: number) => (imageSize / n) * scale;
  const start = (middle: number, n: number, factor: number) =>
    (middle - ((n - 1) / 2) * side(n)) * factor + (factor - 1) / 2;
  return {
    values: { shape: [indices.length, height, width], data },
    origin: [0, start(row, height, block[0]), start(column, width, block[1])],
    step: [stride, side(height) * block[0], side(width) * block[1]],
  };
}

interface Passes {
  readonly n: number;
  readonly imageSize: number;
  readonly map: "embedding" | "score";
  readonly passes: number;
  readonly rates: readonly number[];
  readonly random: Random;
}

/** `[n, h', w']`; sums are kept, never all passes. */
function varianceOf(
  { encoder, parts, scoreMap }: SortingNetwork,
  images: Float32Array,
  { n, imageSize, map, passes, rates, random }: Passes,
): tf.Tensor3D {
  const x = tf.tensor4d(images, [n, imageSize, imageSize, 1]);
  const mask = (shape: readonly number[], rate: number) => {
    const kept = 1 / (1 - rate);
    const size = shape.reduce((product, side) => product * side, 1);
    const drawn = Float32Array.from({ length: size }, () => (random.next() < rate ? 0 : kept));
    return tf.tensor(drawn, [...shape]);
  };
  const mode = { training: false, momentum: encoder.momentum, dropout: { rates, mask } };
  let mean: tf.Tensor | undefined;
  let squares: tf.Tensor | undefined;
  for (let pass = 1; pass <= passes; pass++) {
    // Welford's recurrence, for the variance may be small beside the mean.
    const next = tf.tidy((): [tf.Tensor, tf.Tensor] => {
      const deepest = encoder.features(parts.encoder, x, mode).at(-1)!;
      const value: tf.Tensor = map === "embedding" ? deepest : scoreMap(deepest);
      const before = mean ?? tf.zerosLike(value);
      const step = value.sub(before);
      const after = before.add(step.div(pass));
      const square = step.mul(value.sub(after));
      return [after, squares === undefined ? square : squares.add(square)];
    });
    tf.dispose([mean, squares].filter((tensor) => tensor !== undefined));
    [mean, squares] = next;
  }
  const variance = tf.tidy(() => {
    const each = squares!.div(passes - 1);
    return map === "embedding" ? each.sum<tf.Tensor3D>(3) : (each as tf.Tensor3D);
  });
  tf.dispose([x, mean!, squares!]);
  return variance;
}

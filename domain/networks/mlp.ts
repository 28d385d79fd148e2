import type * as tf from "@tensorflow/tfjs";
import { batchNorm, batchNormSpecs, type NormMode } from "./batch-norm.ts";
import { dense, denseSpecs } from "./dense.ts";
import type { Parameters, ParameterSpec } from "./parameters.ts";

export interface MlpConfig {
  /** Length of the input, of each hidden layer, and of the output. */
  readonly sizes: readonly number[];
  /**
   * Batch norm after the last layer: none; `fixed`, normalise only (MoCo v3's projector); `scaled`,
   * with a scale but no offset (SimCLR's).
   */
  readonly last: "none" | "fixed" | "scaled";
}

/** A perceptron: a description that holds no weights. */
export interface Mlp {
  readonly specs: readonly ParameterSpec[];
  /** `[n, in]` → `[n, out]` */
  apply(parameters: Parameters, x: tf.Tensor2D, mode: NormMode): tf.Tensor2D;
}

/**
 * Linear layers without bias, each hidden one followed by batch norm and ReLU: the projectors and
 * predictors of contrastive learning.
 *
 * @see Chen et al. 2020, https://arxiv.org/abs/2002.05709; Chen, Xie and He 2021,
 * https://arxiv.org/abs/2104.02057
 */
export function createMlp({ sizes, last }: MlpConfig): Mlp {
  const layers = sizes.slice(1).map((outputs, i) => ({ i: i + 1, inputs: sizes[i]!, outputs }));
  return {
    specs: layers.flatMap(({ i, inputs, outputs }) => {
      const norm = i < layers.length ? "learned" : last;
      return [...denseSpecs(`layer${i}`, inputs, outputs, false), ...normSpecs(i, outputs, norm)];
    }),
    apply(parameters, x, mode) {
      let y = x;
      for (const { i } of layers) {
        y = dense(parameters, `layer${i}`, y);
        if (i < layers.length || last !== "none") y = normaliseRows(parameters, `bn${i}`, y, mode);
        if (i < layers.length) y = y.relu();
      }
      return y;
    },
  };
}

function normSpecs(
  i: number,
  outputs: number,
  norm: MlpConfig["last"] | "learned",
): ParameterSpec[] {
  if (norm === "none") return [];
  const held = norm === "fixed" ? ["scale", "offset"] : norm === "scaled" ? ["offset"] : [];
  // A scale that stays 1 and an offset that stays 0, so that one kernel serves all kinds.
  return batchNormSpecs(`bn${i}`, outputs).map((spec) =>
    held.some((kind) => spec.name.endsWith(`.${kind}`)) ? { ...spec, trainable: false } : spec,
  );
}

function normaliseRows(
  parameters: Parameters,
  name: string,
  x: tf.Tensor2D,
  mode: NormMode,
): tf.Tensor2D {
  const [n, size] = x.shape;
  return batchNorm(parameters, name, x.reshape([n, 1, 1, size]), mode).reshape([n, size]);
}

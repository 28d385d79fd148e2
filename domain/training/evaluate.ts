import * as tf from "@tensorflow/tfjs";
import { INFERENCE } from "../networks/mode.ts";
import { toTensors } from "./arrays.ts";
import type { Arrays } from "./arrays.ts";
import type { Validation } from "./fit-state.ts";
import { meanMetrics } from "./learner.ts";
import type { Learner } from "./learner.ts";

/** Mean loss and metrics of batches in inference, one after the other. Throws nothing of its own. */
export async function evaluate(
  learner: Learner,
  batches: Iterable<Arrays>,
): Promise<Omit<Validation, "step">> {
  const losses: number[] = [];
  const metrics: ReturnType<Learner["metrics"]>[] = [];
  for (const batch of batches) {
    const inputs = toTensors(batch);
    const report = tf.tidy(() => {
      const { loss, outputs } = learner.loss(inputs, INFERENCE);
      return tf.concat1d([loss.reshape([1]), outputs.flatten()]);
    });
    const values = Float32Array.from(await report.data<"float32">());
    tf.dispose([inputs, report]);
    losses.push(values[0]!);
    metrics.push(learner.metrics(batch, values.subarray(1)));
  }
  const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length;
  return { loss, ...meanMetrics(metrics) };
}

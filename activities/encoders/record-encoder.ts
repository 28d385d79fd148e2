import * as tf from "@tensorflow/tfjs";
import { NotRecordable } from "../engine/graph/not-recordable.ts";
import { record } from "../engine/graph/record.ts";
import type { Recording } from "../engine/graph/recording.ts";
import { assertSameProgram } from "../engine/graph/same-program.ts";
import { INPUT } from "./exportable-encoder.ts";
import type { ExportableEncoder } from "./exportable-encoder.ts";

/**
 * What an encoder computes in inference, operation by operation: from images `[n, size, size, 1]`
 * the embedding and the deepest features, in this order. Needs TensorFlow to compute (`loadTensorFlow`).
 *
 * Holds for any number of images: recorded with two and with three, it must be the same. Throws
 * `NotRecordable` where it is not.
 */
export function recordEncoder(exported: ExportableEncoder): Recording {
  const recording = recordOn(exported, 2);
  assertSameProgram(recording, recordOn(exported, 3));
  return recording;
}

function recordOn({ encoder, parameters, size }: ExportableEncoder, count: number): Recording {
  const images = tf.zeros([count, size, size, 1]);
  try {
    return record(
      {
        state: parameters,
        run: (inputs) => {
          const mode = { training: false, momentum: encoder.momentum } as const;
          const x = inputs[INPUT] as tf.Tensor4D;
          const features = encoder.features(parameters, x, mode).at(-1);
          if (features === undefined) throw new NotRecordable("The encoder has no features");
          return [features.mean([1, 2]), features];
        },
      },
      { [INPUT]: images },
    );
  } finally {
    images.dispose();
  }
}

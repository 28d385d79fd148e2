import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import type { TensorMetadata, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";

/** What tfjs-node's backend can do, its private part included: tensors are numbers below it. */
export interface OpenBackend {
  binding: TFJSBinding;
  /** The numbers of tensors inside TensorFlow, handing it their values where that was put off. */
  getInputTensorIds: (tensors: readonly tf.TensorInfo[]) => number[];
  /** A tensor that owns the number. */
  createOutputTensor: (metadata: TensorMetadata) => tf.Tensor;
  readonly incRef: (dataId: object) => void;
  /** What is behind tensors, by their `dataId`. */
  readonly tensorMap: {
    has(dataId: object): boolean;
    get(dataId: object): TensorData;
    set(dataId: object, data: TensorData): void;
  };
}

/** A tensor's data: inside TensorFlow under a number, or values that are still to be handed over. */
export interface TensorData {
  readonly shape: readonly number[];
  /** TensorFlow's number of the type. */
  readonly dtype: number;
  readonly values: tf.TypedArray | null;
  /** -1 while there are values. */
  readonly id: number;
  /** Tensors that share it. */
  refCount: number;
}

/** The backend in use, which must be TensorFlow's: see `loadTensorFlow`. */
export function openBackend(): OpenBackend {
  if (tf.getBackend() !== "tensorflow") {
    throw new Error(`Expected TensorFlow to compute, found tfjs's backend ${tf.getBackend()}`);
  }
  return tf.backend() as NodeJSKernelBackend as unknown as OpenBackend;
}

import * as tf from "@tensorflow/tfjs";

/** An array outside the engine: plain data, which a thread may make and hand over. */
export interface HostArray {
  readonly shape: readonly number[];
  /** Row-major; `Int32Array` for indices, `Float32Array` for everything else. */
  readonly values: Float32Array | Int32Array;
}

/** Arrays by name. */
export type Arrays = Readonly<Record<string, HostArray>>;

/** The same arrays inside the engine. */
export type Tensors = Readonly<Record<string, tf.Tensor>>;

/**
 * Hand arrays to the engine, which may keep their memory: whoever made them must not write into
 * them again. The caller disposes the tensors.
 */
export function toTensors(arrays: Arrays): Tensors {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, values }]) => [
      name,
      tf.tensor(values, [...shape], values instanceof Int32Array ? "int32" : "float32"),
    ]),
  );
}

import type { HostArray } from "../../../domain/training/arrays.ts";

/**
 * Other values of the same shape, as good for running a program on: indices stay in range, what is
 * positive stays so. For telling numbers that depend on data from those that do not.
 */
export function perturb<A extends HostArray>(array: A): A {
  return { ...array, values: otherValues(array.values) };
}

function otherValues<V extends Float32Array | Int32Array>(values: V): V {
  const reversed = values.slice().reverse() as V;
  if (reversed instanceof Float32Array) return reversed.map((x) => 0.7 * x + 0.01) as V;
  const same = reversed.every((value, i) => value === values[i]);
  return same ? (reversed.map((i) => (i > 0 ? i - 1 : i)) as V) : reversed;
}

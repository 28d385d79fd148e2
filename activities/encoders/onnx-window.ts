import { refuse } from "./onnx-operands.ts";
import type { TensorFlowAttributes } from "./onnx-operands.ts";

/** `[h, w]` out of TensorFlow's four numbers of an NHWC operation. */
export function spatial(value: unknown): readonly [number, number] {
  const [, height, width] = (value ?? [1, 1, 1, 1]) as number[];
  return [height!, width!];
}

/** Kernel, strides, dilations and padding of an operation that moves a window over images. */
export function windowAttributes(
  op: string,
  attributes: TensorFlowAttributes,
  window: { readonly kernel: readonly number[]; readonly dilations: readonly number[] },
) {
  const { kernel, dilations } = window;
  const strides = spatial(attributes["strides"]);
  const common = { kernel_shape: kernel, strides, dilations };
  const { padding, explicit_paddings: explicit } = attributes;
  if (padding === "VALID") return { ...common, pads: [0, 0, 0, 0] };
  if (padding === "EXPLICIT") {
    const [, , top, bottom, left, right] = explicit as number[];
    return { ...common, pads: [top!, left!, bottom!, right!] };
  }
  if (padding !== "SAME") refuse(op, `has padding ${String(padding)}`);
  // At stride 1 the padding does not depend on the size of the image, and runtimes are surer of
  // numbers. Where it is odd, TensorFlow has more at the end, which ONNX calls upper.
  if (strides.some((stride) => stride !== 1)) return { ...common, auto_pad: "SAME_UPPER" };
  const all = kernel.map((size, axis) => (size - 1) * dilations[axis]!);
  return {
    ...common,
    pads: [...all.map((n) => Math.floor(n / 2)), ...all.map((n) => Math.ceil(n / 2))],
  };
}

import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import type { TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { replaceKernel } from "./replace-kernel.ts";

type Shape = [number, number, number, number];
type Info = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/** What tfjs hands to the three kernels, besides the shape that two of them want. */
interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  readonly dataFormat: "NHWC" | "NCHW";
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * Let `tf.conv2d` and its gradients pad by numbers, which torch's padding is at stride 2 (`same` is
 * one-sided there for even sizes): tfjs-node does it forward only. Forward may dilate; TensorFlow's
 * gradients on the CPU may not.
 *
 * On the CPU, gradients pad and crop around TensorFlow's operation: oneDNN takes no padding by
 * numbers there, and what TensorFlow has instead took 38 ms where this takes 6 (12 × 8 × 8 × 256 to
 * 512 channels at stride 2, milliseconds of one core).
 */
export function registerConvolution(binding: TFJSBinding, backendName: string): void {
  const register = (
    op: string,
    kernel: (run: Run, inputs: Record<string, tf.Tensor4D>, attrs: Attributes) => tf.Tensor,
  ) =>
    replaceKernel({
      kernelName: op,
      backendName,
      kernelFunc: ({ inputs, backend, attrs }) => {
        const node = backend as NodeJSKernelBackend;
        const run: Run = (padding, info, ...tensors) =>
          node.executeSingleOutput(op, nativeAttributes(binding, padding, info), tensors);
        return tf.tidy(() =>
          kernel(run, inputs as Record<string, tf.Tensor4D>, attrs as unknown as Attributes),
        );
      },
    });
  const inside = () => binding.isUsingGpuDevice();

  register("Conv2D", (run, { x, filter }, attributes) => {
    const info = describe(attributes, x!.shape, filter!.shape);
    return run(info.padInfo.type, info, x!, filter!);
  });
  register("Conv2DBackpropFilter", (run, { x, dy }, attributes) => {
    const { filterShape } = attributes as Attributes & { readonly filterShape: Shape };
    const info = describe(attributes, x!.shape, filterShape);
    const { type } = info.padInfo;
    const explicit = isExplicit(info) && !inside();
    const padded = explicit ? tf.pad4d(x!, around(info)) : x!;
    return run(explicit ? "VALID" : type, info, padded, sizes(filterShape), dy!);
  });
  register("Conv2DBackpropInput", (run, { filter, dy }, attributes) => {
    const { inputShape } = attributes as Attributes & { readonly inputShape: Shape };
    const info = describe(attributes, inputShape, filter!.shape);
    if (!isExplicit(info) || inside()) {
      return run(info.padInfo.type, info, sizes(inputShape), filter!, dy!);
    }
    const margins = around(info);
    const shape = inputShape.map((side, axis) => side + margins[axis]![0] + margins[axis]![1]);
    const padded = run("VALID", info, sizes(shape), filter!, dy!);
    return tf.slice(
      padded,
      margins.map(([before]) => before),
      inputShape,
    );
  });
}

type Run = (padding: string, info: Info, ...inputs: tf.Tensor[]) => tf.Tensor;

function sizes(shape: readonly number[]): tf.Tensor1D {
  return tf.tensor1d([...shape], "int32");
}

/** With `same` where that is what the numbers say: all of TensorFlow's operations know that. */
function describe(attributes: Attributes, x: Shape, filter: Shape): Info {
  const { strides, pad, dataFormat, dilations = 1, dimRoundingMode } = attributes;
  const layout = tf.backend_util.convertConv2DDataFormat(dataFormat);
  const withPadding = (padding: Attributes["pad"]) =>
    tf.backend_util.computeConv2DInfo(
      x,
      filter,
      strides,
      dilations,
      padding,
      dimRoundingMode,
      false,
      layout,
    );
  const info = withPadding(pad);
  if (!isExplicit(info)) return info;
  const same = withPadding("same");
  const sides = ["top", "bottom", "left", "right"] as const;
  return sides.every((side) => info.padInfo[side] === same.padInfo[side]) ? same : info;
}

function isExplicit({ padInfo: { type } }: Info): boolean {
  return type !== "VALID" && type !== "SAME";
}

type Margins = [[number, number], [number, number], [number, number], [number, number]];

function around({ padInfo, dataFormat }: Info): Margins {
  const [h, w]: Margins[0][] = [
    [padInfo.top, padInfo.bottom],
    [padInfo.left, padInfo.right],
  ];
  return dataFormat === "channelsLast" ? [[0, 0], h!, w!, [0, 0]] : [[0, 0], [0, 0], h!, w!];
}

function nativeAttributes(binding: TFJSBinding, padding: string, info: Info): TFEOpAttr[] {
  const last = info.dataFormat === "channelsLast";
  const layout = (h: number, w: number) => (last ? [1, h, w, 1] : [1, 1, h, w]);
  const explicit = padding !== "VALID" && padding !== "SAME";
  const ints = (name: string, value: number[]) => ({ name, type: binding.TF_ATTR_INT, value });
  const text = (name: string, value: string) => ({ name, type: binding.TF_ATTR_STRING, value });
  return [
    { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    ints("strides", layout(info.strideHeight, info.strideWidth)),
    ints("dilations", layout(info.dilationHeight, info.dilationWidth)),
    text("padding", explicit ? "EXPLICIT" : padding),
    text("data_format", last ? "NHWC" : "NCHW"),
    ...(explicit ? [ints("explicit_paddings", around(info).flat())] : []),
  ];
}

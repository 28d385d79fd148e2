import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeOnnx } from "../../../activities/encoders/onnx-message.ts";
import { createOnnxWriter } from "../../../activities/encoders/onnx-writer.ts";
import { toOnnx, writeGraph } from "../../../activities/encoders/to-onnx.ts";
import { record } from "../../../activities/engine/graph/record.ts";
import { UnsupportedFormat } from "../../../domain/errors.ts";
import { useTensorFlow } from "../../support/tensorflow.ts";
import { seeded } from "../../support/tensors.ts";
import { computeHere, relativeError, trainedEncoder } from "./encoders.ts";
import { runOnnx } from "./run-onnx.ts";

beforeAll(async () => {
  await useTensorFlow();
});

describe.each([
  [{ kind: "window-net", width: 24 }, 20],
  [{ kind: "resnet18", width: 16 }, 64],
  [{ kind: "resnet50", width: 8 }, 65],
] as const)("%o on images of %i pixels", (config, size) => {
  it("computes in onnxruntime what it does here, for any number of images", async () => {
    const exported = trainedEncoder(config, size);
    const tensors = tf.memory().numTensors;
    const model = toOnnx(exported);
    expect(tf.memory().numTensors).toBe(tensors);
    const here = [1, 5].map((count) => computeHere(exported, count));
    const there = await runOnnx(
      here.map(({ images }, i) => ({ model, images, shape: [[1, 5][i]!, size, size, 1] })),
    );
    for (const name of ["embedding", "features"] as const) {
      here.forEach((expected, i) => {
        expect(there[i]!.shapes[name]).toEqual(expected[name].shape);
        expect(relativeError(there[i]!.values[name]!, expected[name].values)).toBeLessThan(1e-4);
      });
    }
    tf.dispose([...exported.parameters.values()]);
  });
});

it("says what goes in and out, and carries its metadata", async () => {
  const exported = trainedEncoder({ kind: "window-net", width: 2 }, 12);
  const { images } = computeHere(exported, 1);
  const [there] = await runOnnx([{ model: toOnnx(exported), images, shape: [1, 12, 12, 1] }]);
  expect(there!.inputs).toEqual([["images", ["n", 12, 12, 1], "tensor(float)"]]);
  expect(there!.outputs).toEqual([
    ["embedding", ["n", 8], "tensor(float)"],
    ["features", ["n", 3, 3, 8], "tensor(float)"],
  ]);
  expect(there!.metadata).toEqual({
    config: '{"kind":"window-net","width":2}',
    step: "7",
    note: '"µm"',
  });
  tf.dispose([...exported.parameters.values()]);
});

describe("operations", () => {
  const shape = [2, 9, 12, 3];
  const filter = (h: number, w: number, from: number, to: number) =>
    seeded([h, w, from, to], h + w) as tf.Tensor4D;
  const write = (program: (x: tf.Tensor4D) => tf.Tensor) => {
    const x = seeded(shape, 3) as tf.Tensor4D;
    const recording = record(
      { state: new Map(), run: (inputs) => [program(inputs["images"] as tf.Tensor4D)] },
      { images: x },
    );
    const writer = createOnnxWriter();
    writeGraph(recording, new Map(), writer);
    const model = encodeOnnx({
      nodes: writer.nodes,
      weights: writer.weights,
      inputs: [{ name: "images", shape, description: "" }],
      outputs: [{ name: "embedding", shape: recording.results[0]!.shape, description: "" }],
      description: "",
      metadata: {},
    });
    const expected = tf.tidy(() => program(x)).dataSync() as Float32Array;
    return { model, images: x.dataSync() as Float32Array, shape, expected };
  };

  const programs: Readonly<Record<string, (x: tf.Tensor4D) => tf.Tensor>> = {
    "a filter of even and odd sides, same": (x) => tf.conv2d(x, filter(2, 3, 3, 4), 1, "same"),
    "strides of two sizes, same": (x) => tf.conv2d(x, filter(3, 4, 3, 4), [2, 3], "same"),
    "dilations, same": (x) => tf.conv2d(x, filter(3, 2, 3, 4), 1, "same", "NHWC", [2, 3]),
    "padding by numbers": (x) =>
      tf.conv2d(x, filter(3, 3, 3, 4), 2, [[0, 0], [1, 2], [0, 3], [0, 0]]), // prettier-ignore
    "the largest, same": (x) => tf.maxPool(x, [3, 2], [2, 1], "same"),
    "the largest at stride 1, same": (x) => tf.maxPool(x, [4, 3], 1, "same"),
    "padding all axes by a value": (x) => tf.pad(x, [[0, 0], [1, 0], [0, 2], [3, 1]], 0.5), // prettier-ignore
    "means over height and width, kept": (x) => tf.mean(x, [1, 2], true),
    "means over channels": (x) => tf.mean(x, [3]),
    "means over height, kept, then over channels": (x) => tf.mean(tf.mean(x, 1, true), 3),
    "a sum": (x) => tf.relu(x).add(x),
  };
  const errors = new Map<string, number>();
  beforeAll(async () => {
    const runs = Object.values(programs).map(write);
    const there = await runOnnx(runs);
    Object.keys(programs).forEach((name, i) =>
      errors.set(name, relativeError(there[i]!.values["embedding"]!, runs[i]!.expected)),
    );
  });

  it.each(Object.keys(programs))("write %s", (name) => {
    expect(errors.get(name)).toBeLessThan(1e-5);
  });

  it.each<[RegExp, (x: tf.Tensor4D) => tf.Tensor]>([
    [/TensorFlow's Sigmoid cannot .* not among/, (x) => tf.sigmoid(x)],
    [/TensorFlow's Mean .* leaves channels before others, over the axes 1/, (x) => tf.mean(x, 1)],
    [/TensorFlow's Add .* takes known numbers for a tensor/, (x) => x.add(seeded([3], 1))],
    [
      /TensorFlow's Conv2D .* takes a tensor for numbers/,
      (x) => tf.conv2d(tf.mean(x, [3], true), tf.mean(x, [0, 1, 2], true), 1, "same"),
    ],
  ])("refuse with %s", (message, program) => {
    expect(() => write(program)).toThrow(UnsupportedFormat);
    expect(() => write(program)).toThrow(message);
  });
});

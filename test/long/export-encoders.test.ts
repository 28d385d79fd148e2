import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, it } from "vitest";
import { toOnnx } from "../../activities/encoders/to-onnx.ts";
import { toSavedModel } from "../../activities/encoders/to-saved-model.ts";
import { computeHere, relativeError, trainedEncoder } from "../activities/encoders/encoders.ts";
import { runOnnx } from "../activities/encoders/run-onnx.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { useTensorFlow } from "../support/tensorflow.ts";
import { tensorFlowPython } from "../support/tensorflow-python.ts";

const RUN = `
import json, sys
import numpy as np, tensorflow as tf
folder, shape = sys.argv[1], json.loads(sys.argv[2])
serve = tf.saved_model.load(folder).signatures["serving_default"]
x = np.fromfile(folder + "/images.bin", np.float32).reshape(shape)
out = serve(images=tf.constant(x))
print(json.dumps(dict(
    signature={n: [s.shape.as_list(), s.dtype.name] for n, s in serve.structured_input_signature[1].items()},
    shapes={n: v.shape.as_list() for n, v in out.items()},
    values={n: v.numpy().ravel().astype(float).tolist() for n, v in out.items()})))`;

interface Answer {
  readonly signature: Record<string, [(number | null)[], string]>;
  readonly shapes: Record<string, number[]>;
  readonly values: Record<string, number[]>;
}

let python: string;
beforeAll(async () => {
  await useTensorFlow();
  python = await tensorFlowPython();
}, 1_800_000);

it.each([
  [{ kind: "window-net", width: 24 }, 20],
  [{ kind: "resnet18", width: 64 }, 128],
  [{ kind: "resnet34", width: 64 }, 96],
  [{ kind: "resnet50", width: 64 }, 97],
  [{ kind: "resnet152", width: 64 }, 64],
] as const)(
  "%o on images of %i pixels computes in Python's TensorFlow and in onnxruntime what it does here",
  async (config, size) => {
    const exported = trainedEncoder(config, size);
    const here = computeHere(exported, 3);
    const shape = [3, size, size, 1];

    const folder = await temporaryFolder();
    for (const [name, bytes] of toSavedModel(exported)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), bytes);
    }
    await writeFile(join(folder, "images.bin"), new Uint8Array(here.images.buffer));
    const saved = JSON.parse(
      execFileSync(python, ["-W", "ignore", "-c", RUN, folder, JSON.stringify(shape)], {
        encoding: "utf8",
        maxBuffer: 256 * 1024 * 1024,
        env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3" },
        stdio: ["ignore", "pipe", "ignore"],
      }),
    ) as Answer;
    const [onnx] = await runOnnx([{ model: toOnnx(exported), images: here.images, shape }]);

    expect(saved.signature).toEqual({ images: [[null, size, size, 1], "float32"] });
    for (const name of ["embedding", "features"] as const) {
      const { values, shape: sides } = here[name];
      expect(saved.shapes[name]).toEqual(sides);
      const errors = [saved.values[name]!, onnx!.values[name]!].map((found) =>
        relativeError(found, values),
      );
      console.log(`${config.kind} ${name}: TensorFlow ${errors[0]}, onnxruntime ${errors[1]}`);
      expect(Math.max(...errors)).toBeLessThan(1e-4);
    }
    tf.dispose([...exported.parameters.values()]);
  },
  600_000,
);

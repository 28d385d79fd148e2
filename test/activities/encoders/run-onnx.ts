import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPython } from "../../support/run-python.ts";

/** Check each model and run it on its images, as people would. */
const RUN = `
import json, sys
import numpy as np, onnx, onnxruntime
folder, shapes, answers = sys.argv[1], json.loads(sys.argv[2]), []
for i, shape in enumerate(shapes):
    file = f"{folder}/{i}.onnx"
    onnx.checker.check_model(onnx.load(file), full_check=True)
    options = onnxruntime.SessionOptions(); options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    x = np.fromfile(f"{folder}/{i}.images", np.float32).reshape(shape)
    describe = lambda values: [[v.name, v.shape, v.type] for v in values]
    names = [o.name for o in session.get_outputs()]
    out = dict(zip(names, session.run(None, {session.get_inputs()[0].name: x})))
    for name, values in out.items(): values.tofile(f"{folder}/{i}.{name}")
    answers.append(dict(shapes={n: v.shape for n, v in out.items()},
        metadata=session.get_modelmeta().custom_metadata_map,
        inputs=describe(session.get_inputs()), outputs=describe(session.get_outputs())))
print(json.dumps(answers))`;

interface Answer {
  readonly shapes: Record<string, number[]>;
  readonly metadata: Record<string, string>;
  readonly inputs: [string, (string | number)[], string][];
  readonly outputs: [string, (string | number)[], string][];
}

export interface OnnxRun {
  readonly model: Uint8Array;
  readonly images: Float32Array;
  readonly shape: readonly number[];
}

/** Run models in onnxruntime. @returns what it says of each, and the values of its outputs */
export async function runOnnx(runs: readonly OnnxRun[]) {
  const folder = await mkdtemp(join(tmpdir(), "microtome-onnx-"));
  try {
    for (const [i, { model, images }] of runs.entries()) {
      await writeFile(join(folder, `${i}.onnx`), model);
      await writeFile(join(folder, `${i}.images`), new Uint8Array(images.buffer));
    }
    const shapes = JSON.stringify(runs.map(({ shape }) => shape));
    const answers = JSON.parse(await runPython(RUN, folder, shapes)) as Answer[];
    return await Promise.all(
      answers.map(async (answer, i) => {
        const values: Record<string, Float32Array> = {};
        for (const name of Object.keys(answer.shapes)) {
          const bytes = new Uint8Array(await readFile(join(folder, `${i}.${name}`)));
          values[name] = new Float32Array(bytes.buffer);
        }
        return { ...answer, values };
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

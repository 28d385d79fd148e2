import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import * as tf from "@tensorflow/tfjs";
import { compileFrozen } from "../../../activities/engine/graph/compile-frozen.ts";
import { createCompiledRunner } from "../../../activities/engine/graph/compiled-runner.ts";
import { openBackend } from "../../../activities/engine/graph/open-backend.ts";
import { useTensorFlow } from "../../../activities/engine/use-tensorflow.ts";
import type { Arrays } from "../../../domain/training/arrays.ts";
import { eagerRunner } from "../../../domain/training/eager-runner.ts";
import { createSortingStep } from "../../activities/engine/graph/sorting-step.ts";
import { type Setting, WARM } from "./setting.ts";

interface Input {
  readonly setting: Setting;
  /** Where `prepare` put weights and images, for both sides. */
  readonly folder: string;
}

/** Different batches; step k takes the one k modulo this. */
const BATCHES = 4;

/** Each sets up, and gives back what is timed: the step of a number from 1. */
const WORKS: Record<string, (input: Input) => Promise<Timed>> = {
  /** The weights that both sides begin with, and the images that they see. */
  async prepare({ setting, folder }) {
    const step = sorting(setting);
    const weights = [...step.learner.network.parameters.values()].map(
      (parameter) => parameter.dataSync() as Float32Array,
    );
    await writeFile(join(folder, "weights.f32"), Buffer.concat(weights.map(bytes)));
    const images = Array.from({ length: BATCHES }, (_, i) => step.inputs(i)["0/images"]!.values);
    await writeFile(join(folder, "images.f32"), Buffer.concat(images.map(bytes)));
    return { steps: 0, run: () => Promise.resolve(0) };
  },
  async compiled(input) {
    const { step, inputs } = await open(input);
    const runner = createCompiledRunner(step.program);
    return { steps: input.setting.steps, run: async (k) => (await runner.step(inputs(k)))[0]! };
  },
  /** The loss of the first step, then the length of its gradient. */
  async gradient(input) {
    const { step, inputs } = await open(input);
    const [loss, length] = await createCompiledRunner(step.program).step(inputs(1));
    return { steps: 0, run: (k) => Promise.resolve(k === 1 ? loss! : length!) };
  },
  async eager(input) {
    const { step, inputs } = await open(input);
    const runner = eagerRunner(step.program);
    return { steps: input.setting.steps, run: async (k) => (await runner.step(inputs(k)))[0]! };
  },
  async inference(input) {
    const { step, inputs } = await open(input);
    const { parameters, statistics } = step.learner.network;
    const images = (k: number): Arrays => ({ images: inputs(k)["0/images"]! });
    const compiled = compileFrozen(
      (tensors) => [step.score(tensors["images"]!)],
      images(1),
      new Map([...parameters, ...statistics]),
    );
    return {
      steps: input.setting.steps,
      async run(k) {
        const [scores] = compiled.run(images(k));
        const [first] = await scores!.data();
        scores!.dispose();
        return first!;
      },
    };
  },
  /** Calls of TensorFlow in a step as it is written. */
  async calls(input) {
    const { step, inputs } = await open(input);
    const backend = openBackend();
    const { binding } = backend;
    let calls = 0;
    const executeOp: typeof binding.executeOp = (...args) => {
      calls++;
      return binding.executeOp(...args);
    };
    backend.binding = Object.create(binding, { executeOp: { value: executeOp } }) as typeof binding;
    const runner = eagerRunner(step.program);
    return {
      steps: 1,
      async run(k) {
        calls = 0;
        await runner.step(inputs(k));
        return calls;
      },
    };
  },
};

interface Timed {
  readonly steps: number;
  readonly run: (step: number) => Promise<number>;
}

function sorting({ kind, batch, size }: Setting) {
  return createSortingStep({ encoder: { kind, width: 64 }, batch, size });
}

async function open({ setting, folder }: Input) {
  const step = sorting(setting);
  const file = await readFile(join(folder, "images.f32"));
  const images = new Float32Array(file.buffer, file.byteOffset, file.byteLength / 4);
  const shape = [setting.batch, setting.size, setting.size, 1];
  const size = setting.batch * setting.size ** 2;
  // Made before anything is timed, and one for each step: TensorFlow keeps the memory.
  const prepared = Array.from({ length: WARM + setting.steps }, (_, i): Arrays => {
    const from = ((i + 1) % BATCHES) * size;
    return {
      ...step.inputs(i + 1),
      "0/images": { shape, values: images.slice(from, from + size) },
    };
  });
  const inputs = (k: number): Arrays => prepared[k - 1]!;
  return { step, inputs };
}

function bytes(values: Float32Array | Int32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

async function peakBytes(): Promise<number> {
  const status = await readFile("/proc/self/status", "utf8");
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)![1]) * 1024;
}

const [name, json] = process.argv.slice(2) as [string, string];
await useTensorFlow(process.env["MICROTOME_TFJS_ADDON"]);
const began = performance.now();
const { steps, run } = await WORKS[name]!(JSON.parse(json) as Input);
const losses: number[] = [];
for (let k = 1; k <= WARM; k++) losses.push(await run(k));
const preparing = (performance.now() - began) / 1000;
const [from, cpuFrom] = [performance.now(), process.cpuUsage()];
for (let k = WARM + 1; k <= WARM + steps; k++) losses.push(await run(k));
const seconds = (performance.now() - from) / 1000 / Math.max(1, steps);
const { user, system } = process.cpuUsage(cpuFrom);
const cpuSeconds = (user + system) / 1e6 / Math.max(1, steps);
const more = { losses, preparing, tensors: tf.memory().numTensors };
process.stdout.write(
  `${JSON.stringify({ ...more, seconds, cpuSeconds, peakBytes: await peakBytes() })}\n`,
);

import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { createCompiledRunner } from "../../activities/engine/graph/compiled-runner.ts";
import { openBackend } from "../../activities/engine/graph/open-backend.ts";
import { eagerRunner } from "../../domain/training/eager-runner.ts";
import type { CreateStepRunner } from "../../domain/training/step-program.ts";
import { createSortingStep } from "../activities/engine/graph/sorting-step.ts";
import { useTensorFlow } from "../support/tensorflow.ts";

const STEPS = 10_000;
/** By then everything that is made once is there. */
const SETTLED = 500;
const MOST_GROWTH_MB = 50;

beforeAll(async () => {
  await useTensorFlow();
});

test.each<[string, CreateStepRunner]>([
  ["compiled", createCompiledRunner],
  ["written", eagerRunner],
])(
  "10,000 steps, %s, grow by less than 50 MB after the first 500, and by no tensor",
  async (name, createRunner) => {
    const step = createSortingStep({
      encoder: { kind: "window-net", width: 4 },
      batch: 4,
      size: 16,
    });
    const runner = createRunner(step.program);
    const { binding } = openBackend();
    let settled: { readonly megabytes: number; readonly tensors: readonly number[] } | undefined;
    const look = () => ({
      megabytes: residentMegabytes(),
      tensors: [tf.memory().numTensors, binding.getNumOfTensors()],
    });
    for (let k = 1; k <= STEPS; k++) {
      await runner.step(step.inputs(k));
      if (k % 100 === 0) await runner.pull(); // as checkpoints do
      if (k === SETTLED) settled = look();
      else if (k > SETTLED && k % 500 === 0) expect(look().tensors).toEqual(settled!.tensors);
    }
    const growth = look().megabytes - settled!.megabytes;
    console.log(`${name}: ${growth.toFixed(1)} MB more after ${STEPS} steps than after ${SETTLED}`);
    expect(growth).toBeLessThan(MOST_GROWTH_MB);
    runner.dispose();
    step.dispose();
  },
  1_800_000,
);

function residentMegabytes(): number {
  const pages = Number(readFileSync("/proc/self/statm", "utf8").split(" ")[1]);
  return (pages * 4096) / 1e6;
}

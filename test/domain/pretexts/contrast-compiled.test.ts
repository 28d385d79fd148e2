import { beforeAll, expect, test } from "vitest";
import { createCompiledRunner } from "../../../activities/engine/graph/compiled-runner.ts";
import { createEncoder } from "../../../domain/networks/create-encoder.ts";
import { exportParameters } from "../../../domain/networks/parameters.ts";
import { createMocov3Learner } from "../../../domain/pretexts/mocov3.ts";
import { createMocov3Network } from "../../../domain/pretexts/mocov3-network.ts";
import { createSimclrLearner } from "../../../domain/pretexts/simclr.ts";
import { createSimclrNetwork } from "../../../domain/pretexts/simclr-network.ts";
import { createOptimizer } from "../../../domain/training/create-optimizer.ts";
import { eagerRunner } from "../../../domain/training/eager-runner.ts";
import type { CreateStepRunner } from "../../../domain/training/step-program.ts";
import { createTrainStep, stepInputs } from "../../../domain/training/train-step.ts";
import { numbers } from "../../support/formula.ts";
import { useTensorFlow } from "../../support/tensorflow.ts";

beforeAll(async () => {
  process.env["TF_ENABLE_ONEDNN_OPTS"] = "0"; // sums in the same order, however many threads
  await useTensorFlow();
});

const [N, SIZE, STEPS] = [6, 16, 4];
const encoder = createEncoder({ kind: "window-net", width: 4 });

const learners = {
  simclr: () => createSimclrLearner(createSimclrNetwork(encoder, 1), { temperature: 0.1 }),
  mocov3: () =>
    createMocov3Learner(
      createMocov3Network(encoder, 1, {
        sizes: { hidden: 16, outputs: 8 },
        momentum: { start: 0.9, steps: STEPS },
      }),
      { temperature: 0.2 },
    ),
} as const;

/** Losses of a few steps, and every variable after them. */
async function train(kind: keyof typeof learners, createRunner: CreateStepRunner) {
  const learner = learners[kind]();
  const optimizer = createOptimizer(learner.network.parameters, { kind: "sgd" });
  const program = createTrainStep({ learner, optimizer, clipNorm: 5 });
  const runner = createRunner(program);
  const view = (name: string) => ({
    shape: [N, SIZE, SIZE, 1],
    values: numbers(name, N * SIZE * SIZE),
  });
  const losses: number[] = [];
  for (let step = 1; step <= STEPS; step++) {
    const batch = { a: view(`a ${step}`), b: view(`b ${step}`) };
    const report = await runner.step(stepInputs([batch], optimizer.numbers(step, 0.01)));
    losses.push(report[0]!);
  }
  await runner.pull();
  const state = exportParameters(program.state);
  runner.dispose();
  optimizer.dispose();
  learner.network.dispose();
  return { losses, state };
}

test.each(["simclr", "mocov3"] as const)(
  "a compiled step of %s goes where the step as it is written goes",
  async (kind) => {
    const [eager, compiled] = [
      await train(kind, eagerRunner),
      await train(kind, createCompiledRunner),
    ];
    expect(new Set(eager.losses).size).toBe(STEPS);
    compiled.losses.forEach((loss, i) => expect(loss / eager.losses[i]!).toBeCloseTo(1, 4));
    for (const [name, { values }] of eager.state) {
      // Means of what is centred already are rounding and nothing else.
      const largest = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0.01);
      const found = compiled.state.get(name)!.values;
      const errors = values.map((v, i) => Math.abs(v - found[i]!) / largest);
      expect(Math.max(...errors), name).toBeLessThan(1e-3);
    }
    if (kind === "mocov3") {
      expect([...eager.state.get("extra/momentum/moves")!.values]).toEqual([STEPS]);
    }
  },
);

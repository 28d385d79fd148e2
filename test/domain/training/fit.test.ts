import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { Diverged } from "../../../domain/errors.ts";
import { createNetwork } from "../../../domain/networks/network.ts";
import { createAdam } from "../../../domain/training/adam.ts";
import { fit, freshState } from "../../../domain/training/fit.ts";
import type { FitState, TrainingEnd, TrainingStep } from "../../../domain/training/fit.ts";
import type { Learner } from "../../../domain/training/learner.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** One number that shall become 3; `constant` costs the same whatever it is. */
function learner(constant?: number): Learner {
  const spec = { name: "w", shape: [1], init: { constant: 0 }, trainable: true };
  const network = createNetwork({ a: [spec] }, 1);
  const w = network.parameters.get("a/w")!;
  return {
    network,
    draw: (random) => {
      const target = 3 + 0.01 * random.normal();
      return {
        forward() {
          const loss = w.sub(target).square().sum<tf.Scalar>();
          if (constant === undefined) return { loss, outputs: w.clone() };
          return { loss: loss.mul(0).add<tf.Scalar>(constant), outputs: w.clone() };
        },
        metrics: (outputs) => ({ accuracy: outputs[0]! }),
      };
    },
  };
}

const options = { rate: 0.1, warmup: 5, steps: 150, seed: 1, clipNorm: 5 };

async function drive(run: AsyncGenerator<TrainingStep, TrainingEnd, void>, stopAt = Infinity) {
  const steps: TrainingStep[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) return { steps, end: next.value };
    steps.push(next.value);
    if (next.value.step === stopAt) return { steps, end: undefined };
  }
}

test("finds the minimum, counts its steps, and reports what its outputs mean", async () => {
  const it = learner();
  const state = freshState();
  const { steps, end } = await drive(fit(it, createAdam(it.network.parameters), state, options));
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 150 }, (_, i) => i + 1));
  expect(it.network.parameters.get("a/w")!.dataSync()[0]).toBeCloseTo(3, 1);
  expect(steps.at(-1)!.accuracy).toBeCloseTo(3, 1);
  expect(end).toMatchObject({ state: "finished", step: 150 });
  expect(state.step).toBe(150);
});

const plateau = { step: 120, chance: 2, below: 0.05 };

test("gives up on a plateau, also when it was stopped in the very step that shows it", async () => {
  const it = learner(2);
  const adam = createAdam(it.network.parameters);
  const state: FitState = freshState();
  await drive(fit(it, adam, state, { ...options, plateau }), 120);
  const resumed = await drive(fit(it, adam, { ...state }, { ...options, plateau }));
  expect(resumed).toMatchObject({ steps: [], end: { state: "plateau", step: 120, loss: 2 } });
});

test("does not give up on a loss below chance", async () => {
  const it = learner(1.9);
  const adam = createAdam(it.network.parameters);
  const { end } = await drive(fit(it, adam, freshState(), { ...options, plateau }));
  expect(end?.state).toBe("finished");
});

test.each([NaN, Infinity])("a loss of %d is Diverged, naming the step", async (loss) => {
  const it = learner(loss);
  const run = fit(it, createAdam(it.network.parameters), freshState(), options);
  await expect(drive(run)).rejects.toBeInstanceOf(Diverged);
  const again = fit(it, createAdam(it.network.parameters), freshState(), options);
  await expect(drive(again)).rejects.toThrow("step 1:");
});

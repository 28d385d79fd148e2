import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { Diverged, InvalidInput } from "../../../domain/errors.ts";
import { createNetwork } from "../../../domain/networks/network.ts";
import { dropout } from "../../../domain/networks/dropout.ts";
import { createRandom } from "../../../domain/random.ts";
import type { TrainingEnd, TrainingStep } from "../../../domain/training/fit.ts";
import type { BatchSource, Learner } from "../../../domain/training/learner.ts";
import { createTrainer } from "../../../domain/training/trainer.ts";
import type { TrainerOptions } from "../../../domain/training/trainer.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** Two numbers that shall become 3, through dropout. */
function learner(rate = 0): Learner {
  const spec = { name: "w", shape: [2], init: { constant: 0 }, trainable: true };
  const network = createNetwork({ a: [spec] }, 1);
  const w = network.parameters.get("a/w")!;
  return {
    network,
    loss({ target, cost }, mode) {
      const kept = dropout(w.sub(target!), rate, mode);
      // A cost that is given counts instead: NaN, or what guessing costs.
      const loss = kept.square().sum().mul(tf.scalar(1).sub(cost!.sign().abs())).add(cost!);
      return { loss: loss.asScalar(), outputs: w.mul(1) };
    },
    metrics: (_batch, outputs) => ({ accuracy: outputs[0]! }),
  };
}

function source(seed: number, cost: (batch: number) => number = () => 0): BatchSource {
  return (batch) => {
    const random = createRandom(seed, `batch-${batch}`);
    const target = Float32Array.from({ length: 2 }, () => 3 + 0.01 * random.normal());
    return {
      target: { shape: [2], values: target },
      cost: { shape: [], values: Float32Array.of(cost(batch)) },
    };
  };
}

const options: TrainerOptions = {
  ...{ rate: 0.1, warmup: 5, steps: 150, seed: 1, clipNorm: 5 },
  optimizer: { kind: "adam" },
};

function train(change: Partial<TrainerOptions> = {}, draw = source(1), it = learner()) {
  return createTrainer(it, { draw }, { ...options, ...change });
}

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
  const trainer = await train({}, source(1), it);
  const { steps, end } = await drive(trainer.train());
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 150 }, (_, i) => i + 1));
  expect(it.network.parameters.get("a/w")!.dataSync()[0]).toBeCloseTo(3, 1);
  expect(steps.at(-1)!.accuracy).toBeCloseTo(3, 1);
  expect(steps[0]!.norm).toBeCloseTo(6 * Math.SQRT2, 1);
  expect(end).toMatchObject({ state: "finished", early: false, step: 150 });
});

test.each([
  ["plain", {}],
  ["with an average and AdamW", { ema: 0.9, optimizer: { kind: "adamw", weightDecay: 0.1 } }],
  ["over three batches a step", { accumulate: 3 }],
  ["with SGD", { optimizer: { kind: "sgd" } }],
] as const)(
  "%s: stopped anywhere and resumed, dropout included, it is the same run to the last bit",
  async (_, change) => {
    const fresh = () => train({ ...change, steps: 7 }, source(1), learner(0.5));
    const whole = await fresh();
    await drive(whole.train());
    const wanted = await whole.checkpoint({});
    for (const stopAt of [1, 4, 6]) {
      const first = await fresh();
      await drive(first.train(), stopAt);
      const second = await fresh();
      await second.restore(await first.checkpoint({}), {});
      await drive(second.train());
      expect(Buffer.compare(await second.checkpoint({}), wanted)).toBe(0);
    }
  },
);

test("a step over two batches is a step over both of them in one", async () => {
  const moved = async (...targets: number[]) => {
    const it = learner();
    const draw = (_step: number, batch: number) => ({
      target: { shape: [2], values: new Float32Array(2).fill(targets[batch]!) },
      cost: { shape: [], values: Float32Array.of(0) },
    });
    const change = { rate: 1, warmup: 0, steps: 1, clipNorm: 1e9 };
    const trainer = await createTrainer(
      it,
      { draw },
      { ...options, ...change, optimizer: { kind: "sgd" }, accumulate: targets.length },
    );
    await drive(trainer.train());
    return [...it.network.parameters.get("a/w")!.dataSync()];
  };
  expect(await moved(3)).toEqual([6, 6]);
  expect(await moved(2, 4)).toEqual([6, 6]);
});

test("batches count on over steps and their parts", async () => {
  const seen: number[][] = [];
  const draw = (step: number, batch: number) => {
    seen.push([step, batch]);
    return source(1)(step);
  };
  const trainer = await createTrainer(learner(), { draw }, { ...options, steps: 2, accumulate: 2 });
  await drive(trainer.train());
  // The first one is the trial that finds dropout's masks.
  expect(seen.slice(1)).toEqual([
    [1, 0],
    [1, 1],
    [2, 0],
    [2, 1],
  ]);
});

test("the average follows the weights", async () => {
  const it = learner();
  const trainer = await train({ ema: 0.5, steps: 3 }, source(1), it);
  const w: number[] = [0];
  let average = 0;
  let published = 0;
  for await (const { step } of trainer.train()) {
    expect(step).toBe(w.length);
    w.push(it.network.parameters.get("a/w")!.dataSync()[0]!);
    const keeps = Math.min(0.5, (1 + step) / (10 + step));
    average = keeps * average + (1 - keeps) * w.at(-1)!;
    published = await trainer.published(() =>
      Promise.resolve(it.network.parameters.get("a/w")!.dataSync()[0]!),
    );
    expect(published).toBeCloseTo(average, 6);
    expect(it.network.parameters.get("a/w")!.dataSync()[0]).toBe(w.at(-1));
  }
  expect(published).not.toBe(w.at(-1));
});

const plateau = { step: 120, chance: 2, below: 0.05 };

test("gives up on a plateau, also when it was stopped in the very step that shows it", async () => {
  const stuck = () =>
    train(
      { plateau },
      source(1, () => 2),
    );
  const first = await stuck();
  await drive(first.train(), 120);
  const second = await stuck();
  await second.restore(await first.checkpoint({}), {});
  const resumed = await drive(second.train());
  expect(resumed).toMatchObject({ steps: [], end: { state: "plateau", step: 120, loss: 2 } });
});

test("does not give up on a loss below chance", async () => {
  const trainer = await train(
    { plateau },
    source(1, () => 1.9),
  );
  expect((await drive(trainer.train())).end?.state).toBe("finished");
});

test.each([NaN, Infinity])("a loss of %d is Diverged, naming the step", async (cost) => {
  const trainer = await train(
    {},
    source(1, (batch) => (batch === 3 ? cost : 0)),
  );
  await expect(drive(trainer.train())).rejects.toBeInstanceOf(Diverged);
  expect(trainer.state.step).toBe(2);
  await expect(
    drive(
      (
        await train(
          {},
          source(1, () => cost),
        )
      ).train(),
    ),
  ).rejects.toThrow("step 1:");
});

test("after divergence it goes on from a checkpoint at half the rate", async () => {
  const trainer = await train({ warmup: 0, decay: "constant" });
  await drive(trainer.train(), 2);
  const good = await trainer.checkpoint({});
  await drive(trainer.train(), 5);
  await trainer.restore(good, {});
  trainer.slowDown(0.5);
  const { steps } = await drive(trainer.train(), 3);
  expect(steps).toMatchObject([{ step: 3, rate: 0.05 }]);
});

test("stops once validation has not got better for as often as it has patience", async () => {
  const losses = [5, 4, 3, 3.5, 4, 4];
  let next = 0;
  const validate = () => Promise.resolve({ loss: losses[next++]! });
  const parts = { draw: source(1), validate };
  const change = { validateEvery: 10, patience: 2 };
  const trainer = await createTrainer(learner(), parts, { ...options, ...change });
  const { steps, end } = await drive(trainer.train());
  expect(steps.filter(({ validation }) => validation).map(({ step }) => step)).toEqual([
    10, 20, 30, 40, 50,
  ]);
  expect(end).toMatchObject({ early: true, step: 50, best: { step: 30, loss: 3 } });
  const again = await drive(trainer.train());
  expect(again).toMatchObject({ steps: [], end: { early: true } });
});

test("tells how long a step took and waited for its batch", async () => {
  let now = 0;
  const clock = () => now;
  const draw = (step: number) => {
    now += 5;
    return source(1)(step);
  };
  const trainer = await createTrainer(learner(), { draw }, { ...options, clock });
  const { steps } = await drive(trainer.train(), 1);
  expect(steps[0]).toMatchObject({ waited: 5, milliseconds: 5 });
});

test("leaves no tensor behind", async () => {
  const once = async () => {
    const it = learner(0.5);
    const trainer = await train({ steps: 3, ema: 0.9, accumulate: 2 }, source(1), it);
    await drive(trainer.train());
    await trainer.checkpoint({});
    trainer.dispose();
    it.network.dispose();
  };
  await once();
  const before = tf.memory().numTensors;
  await once();
  expect(tf.memory().numTensors).toBe(before);
});

test("refuses to accumulate over nothing", async () => {
  await expect(train({ accumulate: 0 })).rejects.toThrow(InvalidInput);
});

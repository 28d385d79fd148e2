import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import {
  CorruptData,
  Diverged,
  IncompatibleCheckpoint,
  InvalidInput,
} from "../../../domain/errors.ts";
import { toWeights } from "../../../domain/networks/weights.ts";
import { createPretext, type Pretext } from "../../../domain/pretexts/create-pretext.ts";
import { createBatchSource } from "../../../domain/pretexts/create-batch-source.ts";
import { openEncoder } from "../../../domain/pretexts/encoder-file.ts";
import type { PretrainConfig } from "../../../domain/pretexts/pretrain-config.ts";
import { ballView } from "../../support/views.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const views = [ballView(14, 4, 1), ballView(14, 4, 2)];

const base: PretrainConfig = {
  view: "windows",
  pretext: "rotation",
  encoder: "window-net",
  width: 1,
  steps: 4,
  batchSize: 2,
  rate: 0.01,
  seed: 7,
  warmup: 2,
  windowSize: 8,
  imageSize: 12,
  twinRange: 0.1,
  slicesPerBatch: 3,
};

const KINDS: readonly (readonly [string, Partial<PretrainConfig>])[] = [
  ["rotation in windows", {}],
  ["rotation of slices", { view: "slices" }],
  ["sorting of slices", { view: "slices", pretext: "sorting" }],
  ["SimCLR", { view: "slices", pretext: "simclr", encoder: "resnet18" }],
  [
    "sorting with dropout of channels",
    { view: "slices", pretext: "sorting", encoder: "resnet18", dropouts: [0.5, 0.5] },
  ],
  ["sorting with a ResNet", { view: "slices", pretext: "sorting", encoder: "resnet18" }],
];

async function run(pretext: Pretext, stopAt = Infinity) {
  const losses: number[] = [];
  for await (const { step, loss } of pretext.train()) {
    losses.push(loss);
    if (step >= stopAt) break;
  }
  return losses;
}

test.each(KINDS)(
  "%s: stopped anywhere and resumed, it is the same run to the last bit",
  async (_, change) => {
    const config = { ...base, ...change };
    const whole = await createPretext(config, views);
    const losses = await run(whole);
    expect(losses).toHaveLength(4);
    for (const stopAt of [1, 3]) {
      const first = await createPretext(config, views);
      await run(first, stopAt);
      const bytes = await first.checkpoint();
      first.dispose();
      const second = await createPretext(config, views);
      await second.restore(bytes);
      expect(second.progress().step).toBe(stopAt);
      expect(await run(second)).toEqual(losses.slice(stopAt));
      expect(await second.checkpoint()).toEqual(await whole.checkpoint());
      second.dispose();
    }
    whole.dispose();
  },
);

test.each(KINDS)("%s: leaves no tensor behind", async (_, change) => {
  const once = async () => {
    const pretext = await createPretext({ ...base, ...change, steps: 2 }, views);
    await run(pretext);
    pretext.dispose();
  };
  await once();
  const before = tf.memory().numTensors;
  await once();
  expect(tf.memory().numTensors).toBe(before);
});

test("leaving the loop and calling train again goes on where it was", async () => {
  const a = await createPretext(base, views);
  const b = await createPretext(base, views);
  await run(a);
  await run(b, 2);
  await run(b);
  expect(await b.checkpoint()).toEqual(await a.checkpoint());
});

test("a finished run says so, and how it went", async () => {
  const pretext = await createPretext(base, views);
  const steps = pretext.train();
  let next = await steps.next();
  expect(next.value).toMatchObject({ step: 1, rate: 0.005 });
  while (!next.done) next = await steps.next();
  expect(next.value).toMatchObject({ state: "finished", step: 4 });
});

test("a loss that is not a number is Diverged, before anybody could save it", async () => {
  const data = new Float32Array(14 ** 3).fill(NaN);
  const broken = { ...views[0]!, values: { ...views[0]!.values, data } };
  // The samplers' energy is NaN everywhere as well: only the uniform half can be drawn.
  const pretext = await createPretext({ ...base, view: "slices" }, [broken]);
  await expect(run(pretext)).rejects.toBeInstanceOf(Diverged);
  expect(pretext.progress().step).toBe(0);
});

test("a checkpoint of another configuration is refused, naming what differs", async () => {
  const mine = await createPretext(base, views);
  const bytes = await mine.checkpoint();
  const other = await createPretext({ ...base, rate: 0.02, batchSize: 3 }, views);
  await expect(other.restore(bytes)).rejects.toThrow(IncompatibleCheckpoint);
  await expect(other.restore(bytes)).rejects.toThrow(
    "batchSize is 3, was 2; rate is 0.02, was 0.01",
  );
  await expect(other.restore(bytes.slice(0, -4))).rejects.toThrow(CorruptData);
  await expect(other.restore(await mine.encoder())).rejects.toThrow(CorruptData);
});

test("a checkpoint of other scans under the same configuration is refused", async () => {
  const mine = await createPretext(base, views, { identity: "a" });
  const bytes = await mine.checkpoint();
  const other = await createPretext(base, views, { identity: "b" });
  await expect(other.restore(bytes)).rejects.toThrow('identity is "b", was "a"');
  await mine.restore(bytes);
});

test("with an average kept, that is what is measured and published", async () => {
  const three = [...views, ballView(14, 4, 3)];
  const config = { ...base, ema: 0.9, validation: 0.3, validateEvery: 4 };
  const pretext = await createPretext(config, three);
  await run(pretext);
  const opened = openEncoder(await pretext.encoder());
  expect(toWeights(opened.network).values).not.toEqual(toWeights(pretext.network).values);
  const published = await pretext.published(() =>
    Promise.resolve(toWeights(pretext.network).values),
  );
  expect(toWeights(opened.network).values).toEqual(published);
});

test("a published encoder opens with the weights it was saved with", async () => {
  const pretext = await createPretext(base, views);
  await run(pretext, 2);
  const opened = openEncoder(await pretext.encoder());
  expect(opened).toMatchObject({ config: base, step: 2 });
  expect(toWeights(opened.network)).toEqual(toWeights(pretext.network));
  const checkpoint = await pretext.checkpoint();
  expect(() => openEncoder(checkpoint)).toThrow(CorruptData);
});

test("a warm start takes the encoder, and the head where the pretext is the same", async () => {
  const from = await createPretext({ ...base, view: "slices" }, views);
  const warmStart = await from.encoder();
  const same = await createPretext({ ...base, seed: 8 }, views, { warmStart });
  expect(toWeights(same.network)).toEqual(toWeights(from.network));

  const config = { ...base, view: "slices", pretext: "sorting", seed: 8 } as const;
  const sorting = await createPretext(config, views, { warmStart });
  const stem = (p: Pretext) => p.network.parts.encoder.get("stem.kernel")!.dataSync();
  expect(stem(sorting)).toEqual(stem(from));

  await expect(createPretext({ ...base, width: 2 }, views, { warmStart })).rejects.toThrow(
    "window-net of width 2, got window-net of width 1",
  );
});

test("held-out views are measured as often as asked, the same way every time", async () => {
  const three = [...views, ballView(14, 4, 3)];
  const config = { ...base, validation: 0.3, validateEvery: 2 };
  const whole = await createPretext(config, three);
  await run(whole);
  const { validations } = whole.progress();
  expect(validations.map(({ step }) => step)).toEqual([2, 4]);
  expect(validations[0]).toMatchObject({
    loss: expect.any(Number) as number,
    accuracy: expect.any(Number) as number,
  });
  const again = await createPretext(config, three);
  await run(again, 1);
  await run(again);
  expect(again.progress().validations).toEqual(validations);
});

test("an easier task first: the angles of its phase, then all of them", () => {
  const curriculum = [{ until: 0.5, angles: [-90, 90] }];
  const source = createBatchSource({ ...base, steps: 40, batchSize: 20, curriculum }, views);
  const classes = (from: number, to: number) =>
    new Set(
      Array.from({ length: to - from + 1 }, (_, i) => [
        ...source(from + i)["classes"]!.values,
      ]).flat(),
    );
  expect(classes(1, 20)).toEqual(new Set([0, 6]));
  expect(classes(21, 40)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
});

test.each([
  ["no views", base, []],
  ["sorted windows", { ...base, pretext: "sorting" as const }, views],
  ["no steps", { ...base, steps: 0 }, views],
  ["a rate of NaN", { ...base, rate: NaN }, views],
  ["half a pair", { ...base, batchSize: 1.5 }, views],
  ["an angle that there is not", { ...base, curriculum: [{ until: 0.5, angles: [0, 45] }] }, views],
  ["phases out of order", { ...base, curriculum: [{ until: 0.5 }, { until: 0.5 }] }, views],
  ["patience without anything to wait for", { ...base, patience: 2 }, views],
  ["a batch that no memory holds", { ...base, batchSize: 65536, windowSize: 512 }, views],
  ["phases to the end", { ...base, curriculum: [{ until: 1 }] }, views],
  ["an angle twice", { ...base, curriculum: [{ until: 0.5, angles: [0, 0] }] }, views],
  ["an average that never moves", { ...base, ema: 1 }, views],
])("refuses %s", async (_, config, views) => {
  await expect(createPretext(config, views)).rejects.toThrow(InvalidInput);
});

import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import {
  CorruptData,
  Diverged,
  IncompatibleCheckpoint,
  InvalidInput,
} from "../../../domain/errors.ts";
import { toWeights } from "../../../domain/networks/weights.ts";
import { createPretext } from "../../../domain/pretexts/create-pretext.ts";
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
  ["sorting with a ResNet", { view: "slices", pretext: "sorting", encoder: "resnet18" }],
];

async function run(pretext: ReturnType<typeof createPretext>, stopAt = Infinity) {
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
    const whole = createPretext(config, views);
    const losses = await run(whole);
    expect(losses).toHaveLength(4);
    for (const stopAt of [1, 3]) {
      const first = createPretext(config, views);
      await run(first, stopAt);
      const bytes = first.checkpoint();
      first.dispose();
      const second = createPretext(config, views);
      second.restore(bytes);
      expect(second.progress().step).toBe(stopAt);
      expect(await run(second)).toEqual(losses.slice(stopAt));
      expect(second.checkpoint()).toEqual(whole.checkpoint());
      second.dispose();
    }
    whole.dispose();
  },
);

test.each(KINDS)("%s: leaves no tensor behind", async (_, change) => {
  const once = async () => {
    const pretext = createPretext({ ...base, ...change, steps: 2 }, views);
    await run(pretext);
    pretext.dispose();
  };
  await once();
  const before = tf.memory().numTensors;
  await once();
  expect(tf.memory().numTensors).toBe(before);
});

test("leaving the loop and calling train again goes on where it was", async () => {
  const [a, b] = [createPretext(base, views), createPretext(base, views)];
  await run(a);
  await run(b, 2);
  await run(b);
  expect(b.checkpoint()).toEqual(a.checkpoint());
});

test("a finished run says so, and how it went", async () => {
  const pretext = createPretext(base, views);
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
  const pretext = createPretext({ ...base, view: "slices" }, [broken]);
  await expect(run(pretext)).rejects.toBeInstanceOf(Diverged);
  expect(pretext.progress().step).toBe(0);
});

test("a checkpoint of another configuration is refused, naming what differs", () => {
  const bytes = createPretext(base, views).checkpoint();
  const other = createPretext({ ...base, rate: 0.02, batchSize: 3 }, views);
  expect(() => other.restore(bytes)).toThrow(IncompatibleCheckpoint);
  expect(() => other.restore(bytes)).toThrow("batchSize is 3, was 2; rate is 0.02, was 0.01");
  expect(() => other.restore(bytes.slice(0, -4))).toThrow(CorruptData);
  expect(() => other.restore(createPretext(base, views).encoder())).toThrow(CorruptData);
});

test("a published encoder opens with the weights it was saved with", async () => {
  const pretext = createPretext(base, views);
  await run(pretext, 2);
  const opened = openEncoder(pretext.encoder());
  expect(opened).toMatchObject({ config: base, step: 2 });
  expect(toWeights(opened.network)).toEqual(toWeights(pretext.network));
  expect(() => openEncoder(pretext.checkpoint())).toThrow(CorruptData);
});

test("a warm start takes the encoder, and the head where the pretext is the same", () => {
  const from = createPretext({ ...base, view: "slices" }, views);
  const same = createPretext({ ...base, seed: 8 }, views);
  same.warmStart(from.encoder());
  expect(toWeights(same.network)).toEqual(toWeights(from.network));

  const sorting = createPretext({ ...base, view: "slices", pretext: "sorting", seed: 8 }, views);
  sorting.warmStart(from.encoder());
  const stem = (p: typeof from) => p.network.parts.encoder.get("stem.kernel")!.dataSync();
  expect(stem(sorting)).toEqual(stem(from));

  const wider = createPretext({ ...base, width: 2 }, views);
  expect(() => wider.warmStart(from.encoder())).toThrow(
    "window-net of width 2, got window-net of width 1",
  );
});

test("a warm start after the first step is refused", async () => {
  const pretext = createPretext(base, views);
  await run(pretext, 1);
  expect(() => pretext.warmStart(pretext.encoder())).toThrow(InvalidInput);
});

test.each([
  ["no views", base, []],
  ["sorted windows", { ...base, pretext: "sorting" as const }, views],
  ["no steps", { ...base, steps: 0 }, views],
  ["a rate of NaN", { ...base, rate: NaN }, views],
  ["half a pair", { ...base, batchSize: 1.5 }, views],
])("refuses %s", (_, config, views) => {
  expect(() => createPretext(config, views)).toThrow(InvalidInput);
});

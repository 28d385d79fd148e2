import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { InvalidInput } from "../../../domain/errors.ts";
import { scoreSlices } from "../../../domain/localization/score-slices.ts";
import { scoreWindows } from "../../../domain/localization/score-windows.ts";
import { createRotationNetwork } from "../../../domain/pretexts/pretext-network.ts";
import { ballView } from "../../support/views.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const network = () =>
  createRotationNetwork({ pretext: "rotation", encoder: "window-net", width: 1 }, 1);

async function result<R>(run: AsyncGenerator<{ readonly fraction: number }, R, void>) {
  const fractions: number[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) return { value: next.value, fractions };
    fractions.push(next.value.fraction);
  }
}

test("a window map has a point every stride, and 1/7 where the view is not valid", async () => {
  const view = ballView(12, 3, 1);
  const valid = Uint8Array.from(view.valid.data, (_, i) => +(i % 12 < 6)); // x below 6
  const masked = { ...view, valid: { ...view.valid, data: valid } };
  const { value: map, fractions } = await result(
    scoreWindows(network(), masked, 1, { windowSize: 8 }),
  );
  expect(map).toMatchObject({ offset: 1, stride: 4, values: { shape: [3, 3, 3] } });
  map.values.data.forEach((v, i) => {
    if (i % 3 === 2)
      expect(v).toBeCloseTo(1 / 7, 6); // x = 9
    else expect(v).not.toBeCloseTo(1 / 7, 6);
    expect(v).toBeGreaterThan(0);
    expect(v).toBeLessThan(1);
  });
  expect(fractions.at(-1)).toBe(1);
});

test("scores are the same every time for a seed, and others for another", async () => {
  const view = ballView(10, 3, 1);
  const net = network();
  const map = async (seed: number) =>
    (await result(scoreWindows(net, view, 0, { windowSize: 8, seed }))).value.values.data;
  expect(await map(1)).toEqual(await map(1));
  expect(await map(1)).not.toEqual(await map(2));
});

test.each(["p0", "tta"] as const)("whole slices get a %s score each", async (score) => {
  const net = network();
  const { value } = await result(scoreSlices(net, ballView(9, 3, 1), 2, { imageSize: 10, score }));
  expect(value).toHaveLength(9);
  expect(value.every((v) => v > 0 && v < 1)).toBe(true);
});

test("p0 is the network's probability of 0° for a slice and itself", async () => {
  const net = network();
  const flat = ballView(6, 0, 1);
  const zero = { ...flat, values: { ...flat.values, data: new Float32Array(216) } };
  const { value } = await result(scoreSlices(net, zero, 0, { imageSize: 8, score: "p0" }));
  const embedding = net.embed(tf.zeros([1, 8, 8, 1]), { training: false });
  const logits = net.compare(embedding, embedding, { training: false });
  const expected = tf.softmax(logits).dataSync()[3]!;
  value.forEach((v) => expect(v).toBeCloseTo(expected, 5));
});

test("scoring leaves no tensor behind", async () => {
  const net = network();
  const view = ballView(8, 3, 1);
  const once = async () => {
    await result(scoreWindows(net, view, 0, { windowSize: 8 }));
    await result(scoreSlices(net, view, 0, { imageSize: 8, score: "tta" }));
  };
  await once();
  const before = tf.memory().numTensors;
  await once();
  expect(tf.memory().numTensors).toBe(before);
});

test("a view without valid voxels is a map of chance; nonsense is refused", async () => {
  const view = ballView(8, 3, 1);
  const empty = { ...view, valid: { ...view.valid, data: new Uint8Array(512) } };
  const { value } = await result(scoreWindows(network(), empty, 0, { windowSize: 8 }));
  value.values.data.forEach((v) => expect(v).toBeCloseTo(1 / 7, 6));
  const bad = (options: object) =>
    scoreWindows(network(), view, 0, { windowSize: 8, ...options }).next();
  await expect(bad({ stride: 0 })).rejects.toBeInstanceOf(InvalidInput);
  await expect(bad({ classes: [7] })).rejects.toBeInstanceOf(InvalidInput);
});

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { trainRefiner } from "../../../../activities/refine/train-refiner.ts";
import { drain } from "../../../../domain/localization/drain.ts";
import { meanProbability } from "../../../../domain/localization/refine/mean-probability.ts";
import { planeStack } from "../../../../domain/localization/refine/plane-stack.ts";
import { INSIDE, OUTSIDE, UNKNOWN } from "../../../../domain/localization/refine/pseudo-labels.ts";
import { openRefiner, saveRefiner } from "../../../../domain/localization/refine/refiner-file.ts";
import {
  createRefinerBatches,
  createRefinerLearner,
} from "../../../../domain/localization/refine/refiner-learner.ts";
import { createRefinerNetwork } from "../../../../domain/localization/refine/refiner-network.ts";
import { scoreVoxels } from "../../../../domain/localization/refine/score-voxels.ts";
import type { View } from "../../../../domain/localization/view.ts";
import { createRandom } from "../../../../domain/random.ts";
import { AXES } from "../../../../domain/volumes/shape.ts";
import { useTensorFlow } from "../../../support/tensorflow.ts";

beforeAll(useTensorFlow);

const shape = [20, 24, 28] as const;
const context = { signal: new AbortController().signal, progress: () => undefined };

/** A textured box in smooth noise, and labels that know only a part of either. */
function scan(seed: number) {
  const random = createRandom(seed, "scan");
  const values = new Float32Array(20 * 24 * 28);
  const labels = new Uint8Array(values.length).fill(UNKNOWN);
  const truth = new Uint8Array(values.length);
  for (let z = 0, i = 0; z < 20; z++) {
    for (let y = 0; y < 24; y++) {
      for (let x = 0; x < 28; x++, i++) {
        const depth = Math.min(z - 5, 14 - z, y - 6, 17 - y, x - 8, 21 - x);
        truth[i] = +(depth >= 0);
        values[i] = (depth >= 0 ? 2 : 0.5) * random.normal();
        if (depth >= 2) labels[i] = INSIDE;
        if (depth < -1) labels[i] = OUTSIDE;
      }
    }
  }
  const view: View = {
    values: { shape, data: values },
    valid: { shape, data: new Uint8Array(values.length).fill(1) },
    bin: 1,
  };
  return { view, labels: { shape, data: labels }, truth };
}

describe("a refinement network", () => {
  it("tells every voxel although it was told of some, and of other scans", async () => {
    const data = [scan(1), scan(2), scan(3)];
    const { refiner, certainty } = await trainRefiner(
      data,
      { steps: 60, seed: 1, width: 8 },
      context,
    );
    expect(certainty).toBeGreaterThan(0.8);
    const unseen = scan(9);
    const axes = [];
    for (const axis of AXES) axes.push(await drain(scoreVoxels(refiner, unseen.view, axis)));
    const p = meanProbability(axes).data;
    let right = 0;
    for (let i = 0; i < p.length; i++) right += +(p[i]! > 0.5 === (unseen.truth[i] === 1));
    expect(right / p.length).toBeGreaterThan(0.95);

    const again = openRefiner(saveRefiner(refiner));
    expect((await drain(scoreVoxels(again, unseen.view, 1))).data).toEqual(axes[1]!.data);
    again.network.dispose();
    refiner.network.dispose();
  });

  it("is the same for the same seed", async () => {
    const weights = async () => {
      const { refiner, loss } = await trainRefiner(
        [scan(1)],
        { steps: 5, seed: 3, width: 4 },
        context,
      );
      refiner.network.dispose();
      return loss;
    };
    expect(await weights()).toBe(await weights());
  });

  it("sees 11 by 11 voxels and no more", () => {
    const refiner = createRefinerNetwork({ width: 4, seed: 1 });
    const at = (row: number, column: number) =>
      tf.tidy(() => {
        const image = tf.buffer([1, 31, 31, 5]);
        image.set(5, 0, row, column, 2);
        const out = refiner.logits(image.toTensor() as tf.Tensor4D, false);
        const zero = refiner.logits(tf.zeros<tf.Rank.R4>([1, 31, 31, 5]), false);
        return out.sub(zero).abs().slice([0, 15, 15], [1, 1, 1]).dataSync()[0]!;
      });
    expect(at(15, 20)).toBeGreaterThan(0);
    expect(at(15, 21)).toBe(0);
    expect(at(9, 15)).toBe(0);
    refiner.network.dispose();
  });

  it("weighs specimen and background alike, and unknown voxels not at all", () => {
    const refiner = createRefinerNetwork({ width: 4, seed: 2 });
    const learner = createRefinerLearner(refiner);
    const images = tf.randomNormal([1, 8, 8, 5], 0, 1, "float32", 1);
    const logits = [...refiner.logits(images as tf.Tensor4D, false).dataSync()];
    const targets = Int32Array.from({ length: 64 }, (_, i) =>
      i < 3 ? INSIDE : i < 40 ? OUTSIDE : UNKNOWN,
    );
    const { loss } = learner.loss(
      { images, targets: tf.tensor(targets, [1, 8, 8], "int32") },
      { training: false },
    );
    const softplus = (x: number) => Math.log1p(Math.exp(x));
    const sum = (from: number, to: number, sign: number) =>
      logits.slice(from, to).reduce((total, x) => total + softplus(sign * x), 0);
    // One more in the count keeps a batch without either finite.
    const expected = (sum(0, 3, -1) / 4 + sum(3, 40, 1) / 38) / 2;
    expect(loss.dataSync()[0]).toBeCloseTo(expected, 5);
    refiner.network.dispose();
  });
});

describe("batches for it", () => {
  it("hold planes with their neighbours, unknown beyond the view", () => {
    const { view, labels } = scan(1);
    const batch = createRefinerBatches([{ view, labels }], {
      seed: 1,
      imageSize: 32,
      batchSize: 4,
    })(7);
    expect(batch["images"]!.shape).toEqual([4, 32, 32, 5]);
    const targets = batch["targets"]!.values;
    // Planes are at most 24 by 28, so the patch's frame is beyond every one of them.
    for (let n = 0; n < 4; n++) {
      for (let i = 0; i < 32; i++) {
        expect(targets[(n * 32 + 0) * 32 + i]).toBe(UNKNOWN);
        expect(targets[(n * 32 + i) * 32 + 0]).toBe(UNKNOWN);
      }
    }
    expect([...targets]).toContain(INSIDE);
    expect(
      createRefinerBatches([{ view, labels }], { seed: 1, imageSize: 32, batchSize: 4 })(7),
    ).toEqual(batch);
  });

  it("refuses scans without a voxel that is surely specimen", () => {
    const { view, labels } = scan(1);
    const none = { shape, data: labels.data.map((l) => (l === INSIDE ? UNKNOWN : l)) };
    expect(() => createRefinerBatches([{ view, labels: none }], { seed: 1 })).toThrow(
      /surely specimen/,
    );
  });

  it("have zeros for neighbours beyond the ends", () => {
    const { view } = scan(1);
    const { values } = planeStack(view.values, 0, 0);
    for (let i = 0; i < 24 * 28; i++) {
      expect([values[5 * i], values[5 * i + 1]]).toEqual([0, 0]);
      expect(values[5 * i + 2]).toBe(view.values.data[i]);
      expect(values[5 * i + 3]).toBe(view.values.data[24 * 28 + i]);
    }
  });
});

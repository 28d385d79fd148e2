import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { drain } from "../../../domain/localization/drain.ts";
import { probePosition } from "../../../domain/localization/probe-position.ts";
import type { View } from "../../../domain/localization/view.ts";
import { createRandom } from "../../../domain/random.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** Noise that gets brighter along z. */
function ramp(seed: number, slices = 30): View {
  const random = createRandom(seed);
  const shape = [slices, 12, 12] as const;
  const data = Float32Array.from(
    { length: slices * 144 },
    (_, i) => Math.floor(i / 144) / slices + 0.2 * random.normal(),
  );
  return { values: { shape, data }, valid: { shape, data: new Uint8Array(data.length) }, bin: 2 };
}

/** Embeds a slice by its mean, on a curve so that neighbours are near in angle. */
const byMean = {
  embed: (x: tf.Tensor4D) =>
    tf.tidy(() => {
      const angle = x.mean([1, 2, 3]).mul(Math.PI / 2);
      return tf.stack([angle.cos(), angle.sin()], 1) as tf.Tensor2D;
    }),
};

/** Embeds a slice by what says nothing: one of its pixels. */
const byNoise = {
  embed: (x: tf.Tensor4D) =>
    tf.tidy(() => {
      const [n] = x.shape;
      const flat = x.reshape([n, -1]);
      const first = flat.slice([0, 0], [n, 1]).sub(flat.slice([0, 1], [n, 1]));
      return tf.concat([first, first.mul(-3).add(1)], 1) as tf.Tensor2D;
    }),
};

const views = [1, 2, 3, 4].map((seed) => ramp(seed));

test("an embedding that knows where a slice lies tells it across scans", async () => {
  const probe = await drain(probePosition(byMean, views, { imageSize: 12 }));
  expect(probe!.knn).toBeGreaterThan(0.7);
  expect(probe!.linear).toBeGreaterThan(0.4);
  expect(probe!.chance).toBe(0.2);
});

test("one that does not tells about as much as guessing", async () => {
  const probe = await drain(probePosition(byNoise, views, { imageSize: 12 }));
  expect(probe!.knn).toBeLessThan(0.4);
  expect(probe!.linear).toBeLessThan(0.4);
});

test("one scan alone, or scans of a few slices, cannot be probed", async () => {
  expect(await drain(probePosition(byMean, [ramp(1)], { imageSize: 12 }))).toBeUndefined();
  const short = [ramp(1, 4), ramp(2, 4)];
  expect(await drain(probePosition(byMean, short, { imageSize: 12 }))).toBeUndefined();
});

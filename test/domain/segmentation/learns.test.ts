import { expect, it } from "vitest";
import { createRandom } from "../../../domain/random.ts";
import { confusion, intersectionOverUnion } from "../../../domain/segmentation/confusion.ts";
import { predict } from "../../../domain/segmentation/predict.ts";
import {
  createSegmentationLearner,
  type LabelledGrid,
} from "../../../domain/segmentation/segmentation-learner.ts";
import { createSegmentationNetwork } from "../../../domain/segmentation/segmentation-network.ts";
import { createAdam } from "../../../domain/training/adam.ts";
import { fit, freshState } from "../../../domain/training/fit.ts";
import { useTensorFlow } from "../../support/tensorflow.ts";

/** A bright ball in noise, whose single voxels do not tell. */
function ball(seed: number, centre: readonly number[]): LabelledGrid {
  const side = 32;
  const random = createRandom(seed);
  const classes = Uint8Array.from({ length: side ** 3 }, (_, i) => {
    const at = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
    return Math.hypot(...at.map((v, axis) => v - centre[axis]!)) < 8 ? 1 : 0;
  });
  const data = Float32Array.from(classes, (c) => 1.5 * c + random.normal());
  const shape = [side, side, side] as const;
  return { image: { shape, data }, classes: { shape, data: classes } };
}

it("a small U-Net on TensorFlow learns to outline a bright ball where it has not seen one", async () => {
  await useTensorFlow();
  const model = createSegmentationNetwork({ kind: "resnet18", width: 8 }, 2, 1);
  const data = [ball(1, [14, 16, 18]), ball(2, [18, 13, 15])];
  const learner = createSegmentationLearner(model, data, {
    classes: 2,
    batchSize: 6,
    imageSize: 32,
  });
  const adam = createAdam(model.network.parameters);
  const options = { steps: 50, rate: 5e-3, warmup: 5, seed: 1, clipNorm: 5 };
  const losses: number[] = [];
  for await (const { loss } of fit(learner, adam, freshState(), options)) losses.push(loss);
  expect(losses.at(-1)!).toBeLessThan(losses[0]! / 3);

  const unseen = ball(3, [12, 19, 14]);
  const steps = predict(model, unseen.image, 2);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const [background, found] = intersectionOverUnion(
    confusion(unseen.classes.data, step.value.data, 2),
  );
  expect(found!).toBeGreaterThan(0.8);
  expect(background!).toBeGreaterThan(0.95);
  adam.dispose();
  model.network.dispose();
});

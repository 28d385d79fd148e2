import { expect, it } from "vitest";
import { createRandom } from "../../../domain/random.ts";
import { confusion, intersectionOverUnion } from "../../../domain/segmentation/confusion.ts";
import { predict } from "../../../domain/segmentation/predict.ts";
import {
  createPatchSource,
  createSegmentationLearner,
  type LabelledGrid,
} from "../../../domain/segmentation/segmentation-learner.ts";
import { createSegmentationNetwork } from "../../../domain/segmentation/segmentation-network.ts";
import { createTrainer } from "../../../domain/training/trainer.ts";
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
  const shape = { classes: 2, batchSize: 6, imageSize: 32, seed: 1 };
  const trainer = await createTrainer(
    createSegmentationLearner(model, shape),
    { draw: createPatchSource(data, shape) },
    { steps: 50, rate: 5e-3, warmup: 5, seed: 1, clipNorm: 5, optimizer: { kind: "adam" } },
  );
  const losses: number[] = [];
  for await (const { loss } of trainer.train()) losses.push(loss);
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
  trainer.dispose();
  model.network.dispose();
});

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { createEncoder } from "../../../domain/networks/create-encoder.ts";
import { countTrainable } from "../../../domain/networks/parameters.ts";
import { createSegmentationNetwork } from "../../../domain/segmentation/segmentation-network.ts";
import { createUnetDecoder } from "../../../domain/segmentation/unet.ts";
import { expectNoLeak, seeded } from "../../support/tensors.ts";

beforeAll(() => tf.setBackend("cpu"));

/** Of segmentation_models.pytorch, one input channel: `reference/method.md` §3.5. */
it.each([
  ["resnet18", 1, 14_321_937],
  ["resnet18", 2, 14_322_082],
  ["resnet18", 7, 14_322_807],
  ["resnet50", 1, 32_514_833],
  ["resnet50", 7, 32_515_703],
  ["resnet152", 7, 67_151_479],
] as const)("a U-Net on a %s with %d classes has %d parameters", (kind, classes, expected) => {
  const encoder = createEncoder({ kind, width: 64 });
  const { specs } = createUnetDecoder(encoder, classes);
  expect(countTrainable([...encoder.specs, ...specs])).toBe(expected);
});

it("names every array once", () => {
  const { specs } = createUnetDecoder(createEncoder({ kind: "resnet18", width: 8 }), 3);
  expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
});

describe("a small U-Net", () => {
  const config = { kind: "resnet18", width: 4 } as const;

  it("gives a logit per class and pixel of an image whose sides differ, and leaves no tensor", () => {
    const model = createSegmentationNetwork(config, 3, 1);
    expectNoLeak(() =>
      tf.tidy(() => {
        expect(model.logits(tf.zeros([2, 32, 64, 1]), false).shape).toEqual([2, 32, 64, 3]);
      }),
    );
    model.network.dispose();
  });

  it("starts from the same weights for the same seed", () => {
    const first = (seed: number) => {
      const { network } = createSegmentationNetwork(config, 2, seed);
      const kernel = [...network.parts.decoder.get("up1.conv1.kernel")!.dataSync()];
      network.dispose();
      return kernel;
    };
    expect(first(4)).toEqual(first(4));
    expect(first(5)).not.toEqual(first(4));
  });

  it("passes gradients to every array of decoder and encoder", () => {
    const { network, logits } = createSegmentationNetwork(config, 2, 1);
    const x = seeded([3, 32, 32, 1], 2) as tf.Tensor4D;
    const variables = [...network.parameters.values()];
    const { value, grads } = tf.variableGrads(
      () => tf.tidy(() => logits(x, true).square().mean().asScalar()),
      variables,
    );
    for (const [name, { name: id }] of network.parameters) {
      const largest = tf.tidy(() => grads[id]!.abs().max().dataSync()[0]!);
      expect(Number.isFinite(largest), name).toBe(true);
      expect(largest, name).toBeGreaterThan(0);
    }
    tf.dispose([value, x, grads]);
    network.dispose();
  });

  it("sees each pixel where it is: a change in a corner changes the logits there most", () => {
    const { network, logits } = createSegmentationNetwork(config, 2, 1);
    const change = tf.tidy(() => {
      const dark = tf.zeros<tf.Rank.R4>([1, 64, 64, 1]);
      const spot = tf.buffer([1, 64, 64, 1]);
      spot.set(5, 0, 6, 50, 0);
      const difference = logits(spot.toTensor() as tf.Tensor4D, false).sub(logits(dark, false));
      const at = difference.abs().sum(3).flatten().argMax().dataSync()[0]!;
      return [Math.floor(at / 64), at % 64];
    });
    expect(Math.abs(change[0]! - 6)).toBeLessThan(8);
    expect(Math.abs(change[1]! - 50)).toBeLessThan(8);
    network.dispose();
  });
});

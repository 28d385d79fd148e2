import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { createEncoder } from "../../../domain/networks/create-encoder.ts";
import { embed } from "../../../domain/networks/encoder.ts";
import { createNetwork } from "../../../domain/networks/network.ts";
import { countTrainable } from "../../../domain/networks/parameters.ts";
import { pretextSpecs } from "../../../domain/pretexts/pretext-network.ts";
import { expectNoLeak, seeded } from "../../support/tensors.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

// method.md §3.4: torchvision's totals with one input channel, and twice these BN channels.
test.each([
  ["resnet18", 11_170_240, 4_800, 513],
  ["resnet34", 21_278_400, 8_512, 513],
  ["resnet50", 23_501_760, 26_560, 2_049],
  ["resnet152", 58_137_536, 75_712, 2_049],
] as const)("%s has torchvision's number of parameters", (kind, backbone, channels, head) => {
  const { encoder: specs, head: score } = pretextSpecs({
    encoder: kind,
    width: 64,
    pretext: "sorting",
  });
  expect(countTrainable(specs)).toBe(backbone);
  expect(countTrainable(score)).toBe(head);
  const statistics = specs.filter(({ trainable }) => !trainable);
  expect(statistics.reduce((sum, { shape }) => sum + shape[0]!, 0)).toBe(2 * channels);
});

test("the window net with its rotation head has 198,863 parameters", () => {
  const specs = pretextSpecs({ encoder: "window-net", width: 24, pretext: "rotation" });
  expect(countTrainable(specs.encoder) + countTrainable(specs.head)).toBe(198_863);
});

test.each([
  ["resnet18", 264_199],
  ["resnet50", 1_050_631],
] as const)("the rotation head on a %s has %i parameters", (encoder, count) => {
  const { head } = pretextSpecs({ encoder, width: 64, pretext: "rotation" });
  expect(countTrainable(head)).toBe(count);
});

test("a ResNet's features halve from stage to stage and have the channels it announces", () => {
  const encoder = createEncoder({ kind: "resnet18", width: 2 });
  const network = createNetwork({ encoder: encoder.specs }, 1);
  const mode = { training: false, momentum: encoder.momentum };
  const features = encoder.features(network.parts.encoder, tf.zeros([1, 32, 32, 1]), mode);
  expect(features.map(({ shape }) => shape)).toEqual([
    [1, 16, 16, 2],
    [1, 8, 8, 2],
    [1, 4, 4, 4],
    [1, 2, 2, 8],
    [1, 1, 1, 16],
  ]);
  expect(encoder.featureChannels).toEqual([2, 2, 4, 8, 16]);
  network.dispose();
});

test("a bottleneck ResNet runs, and ends four times as wide", () => {
  const encoder = createEncoder({ kind: "resnet50", width: 1 });
  const network = createNetwork({ encoder: encoder.specs }, 1);
  const y = embed(encoder, network.parts.encoder, seeded([1, 16, 16, 1], 2) as tf.Tensor4D, false);
  expect(y.shape).toEqual([1, 32]);
  expect([...y.dataSync()].every(Number.isFinite)).toBe(true);
  network.dispose();
});

test("the same seed gives the same weights, another seed others", () => {
  const { specs } = createEncoder({ kind: "window-net", width: 2 });
  const first = (seed: number) => {
    const network = createNetwork({ encoder: specs }, seed);
    const values = [...network.parts.encoder.get("stem.kernel")!.dataSync()];
    network.dispose();
    return values;
  };
  expect(first(3)).toEqual(first(3));
  expect(first(3)).not.toEqual(first(4));
});

test("a width of 32 halves every layer's channels", () => {
  const shapes = (width: number) => createEncoder({ kind: "resnet50", width }).specs;
  const half = shapes(32);
  shapes(64).forEach(({ name, shape }, i) => {
    const inputs = name === "stem.kernel" ? 1 : 2;
    const expected =
      shape.length === 1
        ? [shape[0]! / 2]
        : [...shape.slice(0, 2), shape[2]! / inputs, shape[3]! / 2];
    expect(half[i]).toMatchObject({ name, shape: expected });
  });
});

test("linear layers start uniform within ± 1 / √in, as torch's", () => {
  const { head } = pretextSpecs({ encoder: "resnet18", width: 64, pretext: "rotation" });
  const network = createNetwork({ head }, 5);
  for (const [name, inputs] of [
    ["hidden.weights", 1024],
    ["hidden.bias", 1024],
    ["angle.weights", 256],
  ] as const) {
    const values = network.parts.head.get(name)!;
    const bound = 1 / Math.sqrt(inputs);
    const largest = values.abs().max().dataSync()[0]!;
    expect(largest).toBeLessThanOrEqual(bound);
    expect(largest).toBeGreaterThan(0.95 * bound);
    expect(Math.abs(values.mean().dataSync()[0]!)).toBeLessThan(0.15 * bound);
  }
  network.dispose();
});

test("kernels start with He's spread by their fan-out", () => {
  const { specs } = createEncoder({ kind: "window-net", width: 64 });
  const network = createNetwork({ encoder: specs }, 5);
  const kernel = network.parts.encoder.get("block2.conv2.kernel")!; // 3 · 3 · 128 values per output
  const spread = Math.sqrt(kernel.square().mean().dataSync()[0]!);
  expect(spread / Math.sqrt(2 / (9 * 128))).toBeCloseTo(1, 2);
  network.dispose();
});

test("two equal networks coexist, and neither leaves a tensor behind", () => {
  const encoder = createEncoder({ kind: "window-net", width: 2 });
  expectNoLeak(() => {
    const [a, b] = [createNetwork({ e: encoder.specs }, 1), createNetwork({ e: encoder.specs }, 2)];
    const x = tf.ones<tf.Rank.R4>([1, 8, 8, 1]);
    tf.dispose(tf.tidy(() => embed(encoder, a.parts.e, x, true)));
    tf.dispose(tf.tidy(() => embed(encoder, b.parts.e, x, false)));
    x.dispose();
    a.dispose();
    b.dispose();
  });
});

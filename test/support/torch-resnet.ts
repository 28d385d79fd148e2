import * as tf from "@tensorflow/tfjs";
import { createEncoder } from "../../domain/networks/create-encoder.ts";
import type { EncoderConfig } from "../../domain/networks/encoder.ts";
import { createNetwork } from "../../domain/networks/network.ts";
import { type Digest, distance, numbers, setByFormula } from "./formula.ts";
import { torchFixture } from "./torch-fixture.ts";

/** What `test/fixtures/make/torch/resnet.py` writes. */
interface ResnetFixture {
  readonly shape: [number, number, number, number];
  readonly features: readonly Digest[];
  readonly statistics: Readonly<Record<string, Digest>>;
  readonly deepest: Digest;
  readonly loss: number;
  readonly gradients: Readonly<Record<string, Digest>>;
}

export type Resnet = Exclude<EncoderConfig["kind"], "window-net">;

/**
 * Run our network as torch ran torchvision's, and say how far every array is from torch's, as a
 * share of its largest magnitude: feature maps, the stem's running statistics, the gradient of every
 * parameter. An offset's gradient is a sum that mostly cancels where the next layer subtracts means,
 * and is measured against the same layer's scale's where that is larger.
 */
export function compareWithTorch(kind: Resnet): ReadonlyMap<string, number> {
  const fixture = torchFixture<ResnetFixture>(kind);
  const encoder = createEncoder({ kind, width: 64 });
  const network = createNetwork({ encoder: encoder.specs }, 0);
  const parameters = network.parts.encoder;
  const size = fixture.shape.reduce((product, n) => product * n, 1);
  const x = tf.tensor4d(numbers("images", size), fixture.shape);
  const mode = { training: true, momentum: encoder.momentum };
  const found = new Map<string, number>();

  setByFormula(parameters);
  tf.tidy(() => {
    encoder.features(parameters, x, mode).forEach((map, i) => {
      found.set(`features ${i}`, distance(map.dataSync<"float32">(), fixture.features[i]!));
    });
  });
  for (const [name, digest] of Object.entries(fixture.statistics)) {
    found.set(name, distance(parameters.get(name)!.dataSync<"float32">(), digest));
  }

  setByFormula(parameters, true);
  const { value, grads } = tf.variableGrads(() => {
    const deepest = encoder.features(parameters, x, mode).at(-1)!;
    found.set("deepest", distance(deepest.dataSync<"float32">(), fixture.deepest));
    const direction = tf.tensor4d(numbers("direction", deepest.size), deepest.shape);
    return deepest.mul(direction).mean<tf.Scalar>();
  });
  // A mean of many products of both signs: what it is made of is much larger.
  found.set("loss", Math.abs(value.dataSync()[0]! - fixture.loss) / fixture.deepest[0]!);
  for (const [name, digest] of Object.entries(fixture.gradients)) {
    const gradient = grads[parameters.get(name)!.name]!.dataSync<"float32">();
    const [unit] = fixture.gradients[name.replace(/offset$/, "scale")]!;
    found.set(`gradient of ${name}`, distance(gradient, digest, unit));
  }
  tf.dispose([x, value, grads]);
  network.dispose();
  return found;
}

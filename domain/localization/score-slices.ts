import { InvalidInput } from "../errors.ts";
import { ANGLES, radians, ZERO_CLASS } from "../pretexts/angles.ts";
import type { RotationNetwork } from "../pretexts/pretext-network.ts";
import { samplePlane } from "../pretexts/sample-plane.ts";
import { createSliceStack } from "../pretexts/slice-stack.ts";
import { sliceStencil } from "../pretexts/stencil.ts";
import { createRandom } from "../random.ts";
import type { Axis } from "../volumes/shape.ts";
import { meanCertainty } from "./mean-certainty.ts";
import type { View } from "./view.ts";

export interface ScoreSlicesOptions {
  /** Side of a slice as the network sees it: the one it was trained with. */
  readonly imageSize: number;
  /**
   * `p0`, the paper's: how probable "not turned" is for a slice and itself. `tta`: the mean
   * probability of the true angle for a slice and itself turned further, both turned at random
   * first; measured much better.
   */
  readonly score: "p0" | "tta";
  /** Random angles per slice (`tta`). @default 2 */
  readonly draws?: number;
  /** @default 0 */
  readonly seed?: number;
}

/** Slices per pass. */
const BATCH = 16;

/**
 * How certainly the network tells by how much each whole slice along one axis is turned: one
 * number per slice, 0 to 1; 1/7 is what guessing gives. Yields the share that is done.
 *
 * @see arXiv 2011.03353, section 2.2; method.md, section 2.6
 */
export async function* scoreSlices(
  network: RotationNetwork,
  view: View,
  axis: Axis,
  { imageSize, score, draws = 2, seed = 0 }: ScoreSlicesOptions,
): AsyncGenerator<{ readonly fraction: number }, Float32Array, void> {
  if (!Number.isInteger(draws) || draws < 1) {
    throw new InvalidInput(`Expected a draw or more, got ${draws}`);
  }
  const { count, plane, ...pose } = createSliceStack(view.values, axis, imageSize);
  const stencil = sliceStencil(imageSize);
  const area = imageSize ** 2;
  const random = createRandom(seed, `slices-${axis}`);
  const classes = score === "p0" ? [ZERO_CLASS] : [0, 1, 2, 4, 5, 6];
  const rounds = score === "p0" ? 1 : draws;
  const scores = new Float32Array(count);
  for (let from = 0; from < count; from += BATCH) {
    const n = Math.min(BATCH, count - from);
    for (let draw = 0; draw < rounds; draw++) {
      // The slices, then the same at the first angle, at the second, …
      const images = new Float32Array((1 + classes.length) * n * area);
      for (let k = 0; k < n; k++) {
        const angle = score === "p0" ? 0 : random.uniform(0, 2 * Math.PI);
        [0, ...classes.map((c) => radians(ANGLES[c]!))].forEach((turn, block) => {
          const turned = { ...pose, angle: angle + turn, gain: 1 };
          samplePlane(plane(from + k), stencil, turned, images, (block * n + k) * area);
        });
      }
      const certainty = meanCertainty(network, images, n, classes);
      const values = await certainty.data<"float32">();
      certainty.dispose();
      for (let k = 0; k < n; k++) scores[from + k]! += values[k]! / rounds;
    }
    yield { fraction: (from + n) / count };
  }
  return scores;
}

import type { View } from "../../domain/localization/view.ts";
import { createRandom } from "../../domain/random.ts";
import { gaussian } from "../../domain/volumes/gaussian.ts";
import type { Zyx } from "../../domain/volumes/shape.ts";

/**
 * A view of noise with a ball of coarse texture in it: there something tells how a window
 * is turned, in the noise nothing does.
 */
export function ballView(side: number, radius: number, seed: number): View {
  const shape: Zyx = [side, side, side];
  const random = createRandom(seed, "ball");
  const noise = () => Float32Array.from({ length: side ** 3 }, () => random.normal());
  const coarse = gaussian({ shape, data: noise() }, 4).data;
  const loudest = Math.sqrt(coarse.reduce((sum, v) => sum + v * v, 0) / coarse.length);
  const fine = noise();
  const middle = (side - 1) / 2;
  const data = coarse.map((v, i) => {
    const at = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
    const inside = Math.hypot(...at.map((p) => p - middle)) <= radius;
    return 0.3 * fine[i]! + (inside ? (3 * v) / loudest : 0);
  });
  return {
    values: { shape, data },
    valid: { shape, data: new Uint8Array(side ** 3).fill(1) },
    bin: 2,
  };
}

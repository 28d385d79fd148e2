import type { View } from "../../domain/localization/view.ts";
import { createRandom } from "../../domain/random.ts";
import { gaussian } from "../../domain/volumes/gaussian.ts";
import type { Zyx } from "../../domain/volumes/shape.ts";

/**
 * A view of faint noise with a specimen in its middle: a bright ball of coarse texture. At the ball
 * it shows how a window is turned, far from it nothing does.
 */
export function ballView(side: number, radius: number, seed: number): View {
  const shape: Zyx = [side, side, side];
  const random = createRandom(seed, "ball");
  const noise = () => Float32Array.from({ length: side ** 3 }, () => random.normal());
  const texture = gaussian({ shape, data: noise() }, 2).data;
  const spread = Math.sqrt(texture.reduce((sum, v) => sum + v * v, 0) / texture.length);
  const fine = noise();
  const middle = (side - 1) / 2;
  const data = texture.map((v, i) => {
    const at = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
    const inside = Math.hypot(...at.map((p) => p - middle)) <= radius;
    return 0.3 * fine[i]! + (inside ? 2 + (2 * v) / spread : 0);
  });
  return {
    values: { shape, data },
    valid: { shape, data: new Uint8Array(side ** 3).fill(1) },
    bin: 2,
  };
}

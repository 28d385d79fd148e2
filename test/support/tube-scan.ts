import { createRandom } from "../../domain/random.ts";
import type { Box, Grid, Mask } from "../../domain/volumes/shape.ts";

export interface TubeScanOptions {
  /** Voxels per axis. @default 48 */
  readonly size?: number;
  readonly specimen?: boolean;
  /** Grey level inside the tube where there is no specimen. @default 90 (air is 20) */
  readonly medium?: number;
  readonly noise?: number;
  /** Outline of the container in each slice. @default "round" */
  readonly outline?: "round" | "square";
  readonly seed?: number;
}

/**
 * A scan drawn by hand, simpler than a phantom: a slightly eccentric and tilted tube in air with a
 * bright wall, medium, a cap of air, a bright plug, and an ellipsoid of coarse texture off the axis.
 */
export function tubeScan(options: TubeScanOptions = {}): {
  readonly level: Grid<Uint8Array>;
  readonly specimen: Mask;
  readonly box: Box;
} {
  const { size: n = 48, medium = 90, noise = 4, outline = "round", seed = 1 } = options;
  const random = createRandom(seed, "tube-scan");
  const data = new Uint8Array(n ** 3);
  const mask = new Uint8Array(n ** 3);
  const radius = 0.44 * n;
  const centre = [0.5 * n, 0.55 * n, 0.42 * n] as const;
  const half = [0.22 * n, 0.13 * n, 0.18 * n] as const;
  const box: [number, number][] = [
    [n, 0],
    [n, 0],
    [n, 0],
  ];
  for (let z = 0, i = 0; z < n; z++) {
    for (let y = 0; y < n; y++) {
      for (let x = 0; x < n; x++, i++) {
        const dy = y - (0.49 * n + 0.02 * (z - n / 2));
        const dx = x - 0.51 * n;
        const r =
          outline === "round" ? Math.hypot(dy, dx) : Math.max(Math.abs(dy), Math.abs(dx)) * 1.15;
        let grey = 20;
        if (r < radius) grey = 130;
        if (r < radius - 2.5) grey = z >= n - 4 ? 20 : z < 3 ? 115 : medium;
        const at = [z, y, x] as const;
        const depth = at.reduce(
          (sum, v, axis) => sum + ((v - centre[axis]!) / half[axis]!) ** 2,
          0,
        );
        if (options.specimen !== false && depth <= 1) {
          mask[i] = 1;
          grey = medium + (((z >> 1) + (y >> 1) + (x >> 1)) % 2 === 0 ? 45 : 12);
          at.forEach((v, axis) => {
            box[axis] = [Math.min(box[axis]![0], v), Math.max(box[axis]![1], v + 1)];
          });
        }
        data[i] = Math.min(255, Math.max(0, Math.round(grey + noise * random.normal())));
      }
    }
  }
  const shape = [n, n, n] as const;
  return { level: { shape, data }, specimen: { shape, data: mask }, box: box as unknown as Box };
}

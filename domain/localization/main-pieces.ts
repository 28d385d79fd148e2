import { components } from "../volumes/components.ts";
import type { Mask } from "../volumes/shape.ts";

/**
 * The heaviest connected piece of a mask and every piece of at least `share` (0 to 1) of its
 * weight; `weight` holds one number >= 0 per voxel.
 */
export function mainPieces(
  mask: Mask,
  weight: Float32Array,
  share: number,
): { mask: Mask; pieces: number } {
  const { labels, sizes } = components(mask);
  const weights = new Float64Array(sizes.length);
  for (let i = 0; i < labels.length; i++) if (labels[i]! > 0) weights[labels[i]!]! += weight[i]!;
  const heaviest = weights.reduce((a, b) => Math.max(a, b), 0);
  const keep = weights.map((w, label) => +(label > 0 && w >= share * heaviest));
  return {
    mask: { shape: mask.shape, data: Uint8Array.from(labels, (label) => keep[label]!) },
    pieces: keep.reduce((sum, k) => sum + k, 0),
  };
}

import { InvalidInput } from "../errors.ts";
import type { Box, Mask } from "../volumes/shape.ts";

/** The smallest box around a mask, and how many voxels it has. Throws `InvalidInput` for an empty mask. */
export function maskBox({ shape, data }: Mask): { readonly box: Box; readonly voxels: number } {
  const lo: [number, number, number] = [...shape];
  const hi: [number, number, number] = [0, 0, 0];
  let voxels = 0;
  const [Z, Y, X] = shape;
  for (let z = 0, i = 0; z < Z; z++) {
    for (let y = 0; y < Y; y++) {
      for (let x = 0; x < X; x++, i++) {
        if (data[i] === 0) continue;
        voxels++;
        lo[0] = Math.min(lo[0], z);
        lo[1] = Math.min(lo[1], y);
        lo[2] = Math.min(lo[2], x);
        hi[0] = z + 1;
        hi[1] = Math.max(hi[1], y + 1);
        hi[2] = Math.max(hi[2], x + 1);
      }
    }
  }
  if (voxels === 0) throw new InvalidInput(`mask of ${shape.join("×")} voxels is empty`);
  return {
    box: [
      [lo[0], hi[0]],
      [lo[1], hi[1]],
      [lo[2], hi[2]],
    ],
    voxels,
  };
}

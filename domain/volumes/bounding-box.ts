import type { Box, Mask } from "./shape.ts";

/** The smallest box that holds every voxel of the mask; undefined when there is none. */
export function boundingBox({ shape: [z, y, x], data }: Mask): Box | undefined {
  let [z0, z1, y0, y1, x0, x1] = [z, 0, y, 0, x, 0];
  for (let k = 0; k < z; k++) {
    for (let j = 0; j < y; j++) {
      const at = (k * y + j) * x;
      let first = 0;
      while (first < x && data[at + first] === 0) first++;
      if (first === x) continue;
      let last = x - 1;
      while (data[at + last] === 0) last--;
      z0 = Math.min(z0, k);
      z1 = k + 1;
      y0 = Math.min(y0, j);
      y1 = Math.max(y1, j + 1);
      x0 = Math.min(x0, first);
      x1 = Math.max(x1, last + 1);
    }
  }
  if (z1 === 0) return undefined;
  return [
    [z0, z1],
    [y0, y1],
    [x0, x1],
  ];
}

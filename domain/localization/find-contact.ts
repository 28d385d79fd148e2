import { boundingBox } from "../volumes/bounding-box.ts";
import type { Axis, Mask } from "../volumes/shape.ts";

/** Where a specimen lies against what was masked. */
export interface Contact {
  /** Of the specimen's outline within its slices along z, 0 to 1: what has something masked beside it. */
  readonly share: number;
  /** Per axis z, y, x: whether it is so at the first, and the last, of the specimen. Never along z. */
  readonly faces: readonly (readonly [lo: boolean, hi: boolean])[];
}

/** From the end of a specimen, in steps of the coarser grid: what belongs to that face. */
const NEAR = 3;

/**
 * Whether a specimen goes on under what was masked: the inner face of a wall is masked with the wall,
 * and a specimen that is pressed against it is cut there.
 *
 * @param mask of the specimen, as fine as `valid` or finer by a whole number
 * @param valid of the view: what was not masked
 */
export function findContact(mask: Mask, valid: Mask): Contact {
  const found: [number, number][] = [
    [0, 0],
    [0, 0],
    [0, 0],
  ];
  const box = boundingBox(mask);
  let [edge, touching] = [0, 0];
  if (box !== undefined) {
    const finer = Math.max(1, Math.round(mask.shape[1] / valid.shape[1]));
    const [, y, x] = mask.shape;
    const [, vy, vx] = valid.shape;
    const open = (k: number, j: number, i: number) => {
      const [row, column] = [Math.floor(j / finer), Math.floor(i / finer)];
      return valid.data[(Math.floor(k / finer) * vy + row) * vx + column] === 1;
    };
    const look = (axis: Axis, end: 0 | 1, k: number, j: number, i: number) => {
      if (j < 0 || i < 0 || j >= y || i >= x || mask.data[(k * y + j) * x + i] === 1) return;
      edge++;
      if (open(k, j, i)) return;
      touching++;
      const at = axis === 1 ? j : i;
      const [lo, hi] = box[axis];
      const depth = end === 0 ? at - lo : hi - 1 - at;
      if (depth < NEAR * finer) found[axis]![end]++;
    };
    for (let k = box[0][0]; k < box[0][1]; k++) {
      for (let j = box[1][0]; j < box[1][1]; j++) {
        for (let i = box[2][0]; i < box[2][1]; i++) {
          if (mask.data[(k * y + j) * x + i] !== 1) continue;
          look(1, 0, k, j - 1, i);
          look(1, 1, k, j + 1, i);
          look(2, 0, k, j, i - 1);
          look(2, 1, k, j, i + 1);
        }
      }
    }
  }
  return {
    share: edge === 0 ? 0 : touching / edge,
    faces: found.map(([lo, hi]) => [lo > 0, hi > 0] as const),
  };
}

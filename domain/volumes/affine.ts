import type { Zyx } from "./shape.ts";

type Row = readonly [x: number, y: number, z: number, offset: number];

/**
 * From voxel indices (x, y, z) to a place: one row per world axis. In millimetres, with the world
 * axes pointing right, anterior and superior (NIfTI's), unless a name says otherwise.
 */
export type Affine = readonly [Row, Row, Row];

/** Where the voxels of a part lie in the whole: whole index = `scale` · part index + `shift`. */
export interface Placement {
  readonly scale: number;
  readonly shift: Zyx;
}

/** The affine of a part, given that of the whole, so that every voxel stays where it is in the world. */
export function placeAffine(affine: Affine, { scale, shift }: Placement): Affine {
  const [sz, sy, sx] = shift;
  const place = ([x, y, z, offset]: Row): Row => [
    x * scale,
    y * scale,
    z * scale,
    offset + x * sx + y * sy + z * sz,
  ];
  return [place(affine[0]), place(affine[1]), place(affine[2])];
}

/** Axes along x, y, z and the first voxel at the origin. @param spacing along z, y, x */
export function diagonalAffine([z, y, x]: Zyx): Affine {
  return [
    [x, 0, 0, 0],
    [0, y, 0, 0],
    [0, 0, z, 0],
  ];
}

/** Turn world axes around, as between left-posterior-superior and right-anterior-superior. */
export function flipAffine(affine: Affine, signs: readonly [number, number, number]): Affine {
  const flip = (row: Row, sign: number): Row =>
    row.map((value) => (value === 0 ? 0 : value * sign)) as unknown as Row;
  return [flip(affine[0], signs[0]), flip(affine[1], signs[1]), flip(affine[2], signs[2])];
}

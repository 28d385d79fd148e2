/** Numbers per axis, always in the order z, y, x. */
export type Zyx = readonly [z: number, y: number, x: number];

/** Half-open interval of voxels: `lo` is inside, `hi` is not. */
export type Interval = readonly [lo: number, hi: number];

/** Half-open voxel intervals per axis: `[[z0,z1],[y0,y1],[x0,x1]]`. At level 0 unless a name says otherwise. */
export type Box = readonly [z: Interval, y: Interval, x: Interval];

/** 0, 1, 2 for z, y, x. */
export type Axis = 0 | 1 | 2;

export const AXES = [0, 1, 2] as const satisfies readonly Axis[];

export const AXIS_NAMES = ["z", "y", "x"] as const;

/** How a voxel is stored: numpy's names, Zarr's names. */
export type Dtype = "uint8" | "int8" | "uint16" | "int16" | "uint32" | "int32" | "float32";

export type VoxelArray =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array;

/** A dense array in memory, x fastest: voxel (z,y,x) is at `(z·Y + y)·X + x`. */
export interface Grid<T extends VoxelArray = VoxelArray> {
  readonly shape: Zyx;
  readonly data: T;
}

/** True where something is: 1 inside, 0 outside. */
export type Mask = Grid<Uint8Array>;

/** Number of voxels of a shape. */
export function voxelCount([z, y, x]: Zyx): number {
  return z * y * x;
}

import type { Affine } from "../../domain/volumes/affine.ts";
import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";
import type { Zyx } from "../../domain/volumes/shape.ts";
import { headerAffine, sourceAffine } from "./source-affine.ts";

export interface Orientation {
  /**
   * Three rows (right, anterior, superior, in millimetres) of four numbers: they take the indices
   * (x, y, z, 1) of a voxel of level 0 to the place of its centre.
   */
  readonly affineMm: Affine;
  /** The format whose header says so, as in `ScanSource.format`. */
  readonly from: string;
}

/** Which way a scan's axes point, as its header says; undefined when that says nothing. */
export function describeOrientation(origin: JsonObject, voxelSizeUm: Zyx): Orientation | undefined {
  if (headerAffine(origin) === undefined) return undefined;
  return { affineMm: sourceAffine(origin, voxelSizeUm), from: origin["format"] as string };
}

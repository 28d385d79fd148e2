import { AXES, AXIS_NAMES, type Axis, type Box, type Zyx } from "../volumes/shape.ts";

/** A face of the scan: `z0` is where z begins, `z1` where it ends. */
export type Face = `${(typeof AXIS_NAMES)[Axis]}${0 | 1}`;

/** The faces of a scan that a box reaches. */
export function touchedFaces(box: Box, shape: Zyx): readonly Face[] {
  return AXES.flatMap((axis): Face[] => [
    ...(box[axis][0] <= 0 ? [`${AXIS_NAMES[axis]}0` as const] : []),
    ...(box[axis][1] >= shape[axis] ? [`${AXIS_NAMES[axis]}1` as const] : []),
  ]);
}

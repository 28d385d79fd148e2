import { AXES, AXIS_NAMES, type Box, type Zyx } from "../../volumes/shape.ts";

/** A face of a box, as in `z low`. */
export type Face = `${(typeof AXIS_NAMES)[number]} ${"low" | "high"}`;

/**
 * How far the worst of a box's six faces cuts into the true box, as a share of the axis, and which
 * face that is; negative where every face has slack. The score that `conformalMargin` is calibrated
 * with: its maximum over the faces makes the guarantee hold for all of them at once (method.md §4.1).
 */
export function worstCut(
  box: Box,
  truth: Box,
  shape: Zyx,
): { readonly cut: number; readonly face: Face } {
  const cuts = AXES.flatMap((axis) => [
    {
      face: `${AXIS_NAMES[axis]} low` as const,
      cut: (box[axis][0] - truth[axis][0]) / shape[axis],
    },
    {
      face: `${AXIS_NAMES[axis]} high` as const,
      cut: (truth[axis][1] - box[axis][1]) / shape[axis],
    },
  ]);
  return cuts.reduce((worst, next) => (next.cut > worst.cut ? next : worst));
}

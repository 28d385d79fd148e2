import { AXES, type Box, type Interval, type Zyx } from "../volumes/shape.ts";
import { mapAxes } from "../volumes/box.ts";
import { createSpecimen } from "./create-specimen.ts";
import type { PhantomPlan } from "./plan-phantom.ts";
import { createRoomDepth } from "./room-depth.ts";
import { skinBounds } from "./skin-bounds.ts";

/**
 * The smallest box around each specimen's voxels, without painting anything: the same voxels that a
 * painter labels. A specimen that is out of view has none.
 */
export function specimenBoxes(plan: PhantomPlan): readonly Box[] {
  const { size } = plan.request;
  const depth = plan.container.room ? createRoomDepth(plan.container, size) : () => Infinity;
  return plan.specimens.flatMap((pose) => {
    const specimen = createSpecimen(pose, plan.staining, size);
    const [zs, ys, xs] = skinBounds(specimen.skin).map(([lo, hi]): Interval => [
      Math.max(0, lo),
      Math.min(size, hi),
    ]) as [Interval, Interval, Interval];
    const lo = [size, size, size];
    const hi = [0, 0, 0];
    for (let z = zs[0]; z < zs[1]; z++) {
      for (let y = ys[0]; y < ys[1]; y++) {
        for (let x = xs[0]; x < xs[1]; x++) {
          if (specimen.depth(z, y, x) <= 0 || depth(z, y, x) <= 0) continue;
          const at: Zyx = [z, y, x];
          for (const axis of AXES) {
            lo[axis] = Math.min(lo[axis]!, at[axis]);
            hi[axis] = Math.max(hi[axis]!, at[axis] + 1);
          }
        }
      }
    }
    return hi[0]! > 0 ? [mapAxes((axis) => [lo[axis]!, hi[axis]!])] : [];
  });
}

import { createSpecimen, type SpecimenPose } from "./create-specimen.ts";
import type { Vessel } from "./draw-container.ts";
import type { Outline } from "./outline.ts";
import { skinSpan } from "./skin-bounds.ts";
import type { Staining } from "./tissue.ts";

/** Voxels painted beyond the last that holds something, so that projections end in air. */
const RIM = 2;

/**
 * Voxels on each side in y and x that must be painted beyond the scan, because projections see what
 * is there; 0 where all of container and specimens is in view.
 */
export function hiddenWidth(
  { axis, slope, walls, room }: Vessel,
  poses: readonly SpecimenPose[],
  staining: Staining,
  size: number,
): number {
  const middle = (size - 1) / 2;
  const bodies = [...walls, ...(room ? [{ axis, outline: room }] : [])];
  const reaches = bodies.flatMap(({ axis, outline }) =>
    ([0, 1] as const).map(
      (k) => Math.abs(axis[k] - middle) + Math.abs(slope[k]) * middle + outmost(outline),
    ),
  );
  for (const pose of poses) {
    const { skin } = createSpecimen(pose, staining, size);
    for (const k of [1, 2] as const) {
      const [lo, hi] = skinSpan(skin, k);
      reaches.push(middle - lo, hi - middle);
    }
  }
  const hidden = Math.ceil(Math.max(0, ...reaches) - size / 2);
  return hidden > 0 ? hidden + RIM : 0;
}

function outmost(outline: Outline): number {
  switch (outline.kind) {
    case "round":
      return outline.radius;
    case "square":
      return Math.SQRT2 * outline.radius - (Math.SQRT2 - 1) * outline.corner;
    case "lump":
      return outline.radius * (1 + outline.waves.reduce((sum, { height }) => sum + height, 0));
  }
}

import { createFishBody, type BodyPoint, type FishPose } from "./fish-body.ts";
import { createFishOrgans } from "./fish-organs.ts";
import type { Specimen } from "./specimen.ts";
import type { Staining } from "./tissue.ts";

/** A fish; `skin` is the skin's thickness in voxels. */
export function createFish(pose: FishPose, staining: Staining, skin: number): Specimen {
  const body = createFishBody(pose);
  const organs = createFishOrgans(body, staining, skin);
  const point: BodyPoint = { t: 0, side: 0, back: 0, depth: 0 };
  return {
    skin: body.surface(),
    depth: (z, y, x) => (body.locate(z, y, x, point) ? point.depth : -Infinity),
    tissue(z, y, x, tissue) {
      if (body.locate(z, y, x, point)) organs(point, tissue);
    },
  };
}

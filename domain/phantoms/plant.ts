import { createPlantBody, type PlantPose } from "./plant-body.ts";
import { createPlantOrgans } from "./plant-organs.ts";
import type { Specimen } from "./specimen.ts";
import type { Staining } from "./tissue.ts";

/** A plant; `skin` is the epidermis' thickness in voxels. */
export function createPlant(pose: PlantPose, staining: Staining, skin: number): Specimen {
  const body = createPlantBody(pose);
  const organs = createPlantOrgans(body, staining, skin);
  return {
    skin: body.skin(),
    depth: (z, y, x) => pose.length * body.locate(z, y, x).depth,
    tissue: (z, y, x, tissue) => organs(body.locate(z, y, x), tissue),
  };
}

import { createEmbryoBody, type EmbryoPose } from "./embryo-body.ts";
import { createEmbryoOrgans } from "./embryo-organs.ts";
import type { Specimen } from "./specimen.ts";
import type { Staining } from "./tissue.ts";

/** An embryo; `skin` is the skin's thickness in voxels. */
export function createEmbryo(pose: EmbryoPose, staining: Staining, skin: number): Specimen {
  const body = createEmbryoBody(pose);
  const organs = createEmbryoOrgans(body, staining, skin);
  return {
    skin: body.skin(),
    depth: (z, y, x) => pose.length * body.locate(z, y, x).depth,
    tissue: (z, y, x, tissue) => organs(body.locate(z, y, x), tissue),
  };
}

import type { Random } from "../random.ts";
import { createEmbryo } from "./embryo.ts";
import type { EmbryoPose } from "./embryo-body.ts";
import { drawEmbryoPose } from "./embryo-pose.ts";
import { createFish } from "./fish.ts";
import type { FishPose } from "./fish-body.ts";
import { drawFishPose } from "./fish-pose.ts";
import { createPlant } from "./plant.ts";
import type { PlantPose } from "./plant-body.ts";
import { drawPlantPose } from "./plant-pose.ts";
import type { PhantomPreset } from "./presets.ts";
import type { Specimen } from "./specimen.ts";
import type { SpecimenName } from "./specimen-names.ts";
import type { Staining } from "./tissue.ts";

/** Where and how a specimen lies. Plain JSON. */
export type SpecimenPose = FishPose | EmbryoPose | PlantPose;

/** The specimen of a pose, in a scan `size` voxels wide. */
export function createSpecimen(pose: SpecimenPose, staining: Staining, size: number): Specimen {
  const skin = Math.max(0.8, (1.5 * size) / 128);
  switch (pose.kind) {
    case "fish":
      return createFish(pose, staining, skin);
    case "embryo":
      return createEmbryo(pose, staining, skin);
    case "plant":
      return createPlant(pose, staining, skin);
  }
}

/** Draw a pose about the origin. `ease`, up to 1, makes it smaller and easier to place. */
export function drawPose(
  name: SpecimenName,
  preset: PhantomPreset,
  size: number,
  ease: number,
  random: Random,
): SpecimenPose {
  switch (name) {
    case "fish":
      return drawFishPose(preset, size, ease, random);
    case "embryo":
      return drawEmbryoPose(size, ease, random);
    case "plant":
      return drawPlantPose(size, ease, random);
  }
}

import { coverage } from "./coverage.ts";
import { ORGANS } from "./phantom.ts";
import type { PlantBody, PlantPoint } from "./plant-body.ts";
import { put, type Staining, type Tissue } from "./tissue.ts";

const EPIDERMIS = 0.1;
const XYLEM = 0.3;
const CAMBIUM = 0.06;
const PITH = -0.1;
const LUMEN = -0.3;
const MESOPHYLL = -0.02;
const SCALE = 0.07;
/** Side veins per length of a blade, and how steep they leave the midrib. */
const VEINS = 7;
const SLANT = 0.35;

/**
 * What lies at a point of a plant: a stem with vascular bundles between cortex and pith, strands in
 * shoots and stalks, blades with veins and spongy mesophyll, a bud of scales. Overwrites `tissue`.
 * `skin` is the epidermis' thickness in voxels.
 */
export function createPlantOrgans(
  { pose: { length, bundles } }: PlantBody,
  staining: Staining,
  skin: number,
): (point: PlantPoint, tissue: Tissue) => void {
  const cover = (depth: number) => coverage(depth * length);
  const thinnest = 0.8 / length;

  return (point, tissue) => {
    tissue.mu = staining.mediumMu + staining.contrast;
    tissue.texture = 0.8;
    switch (point.part) {
      case "stem":
        stem(point, tissue);
        break;
      case "shoot":
      case "stalk": {
        tissue.label = point.part === "shoot" ? ORGANS.stem : ORGANS.leaves;
        const radius = point.depth + point.off;
        const strand = Math.max(thinnest, 0.4 * radius);
        put(tissue, cover(strand - point.off), 0.7 * XYLEM, ORGANS.vessels, 0.6);
        break;
      }
      case "leaf":
        leaf(point, tissue);
        break;
      case "bud":
        tissue.label = ORGANS.bud;
        tissue.mu += SCALE * Math.sin(14 * point.out);
        break;
    }
    // Blades are too thin to show theirs.
    if (point.part !== "leaf") tissue.mu += EPIDERMIS * coverage(skin - point.depth * length);
  };

  function stem(point: PlantPoint & { part: "stem" }, tissue: Tissue) {
    const { out, around, radius } = point;
    tissue.label = ORGANS.stem;
    put(tissue, cover((0.07 - Math.abs(out - 0.62)) * radius), CAMBIUM, ORGANS.stem, 0.8);
    put(tissue, cover((0.45 - out) * radius), PITH, ORGANS.pith, 1.5);
    put(tissue, cover((0.2 - out) * radius), LUMEN, ORGANS.pith, 0.3);
    const pitch = (2 * Math.PI) / bundles;
    const turn = around - pitch * Math.round(around / pitch);
    const off = Math.hypot(out * Math.cos(turn) - 0.6, out * Math.sin(turn)) * radius;
    put(tissue, cover(Math.max(thinnest, 0.15 * radius) - off), XYLEM, ORGANS.vessels, 0.6);
  }

  function leaf({ along, across, off }: PlantPoint & { part: "leaf" }, tissue: Tissue) {
    tissue.label = ORGANS.leaves;
    tissue.texture = 1.5;
    tissue.mu += MESOPHYLL;
    const phase = VEINS * (along - SLANT * Math.abs(across));
    const side = Math.abs(phase - Math.round(phase)) / VEINS;
    if (side < Math.max(0.012, 0.5 * thinnest)) tissue.mu += 0.3 * XYLEM;
    const middle = Math.hypot(across * 0.08, off);
    put(tissue, cover(Math.max(thinnest, 0.012) - middle), 0.8 * XYLEM, ORGANS.vessels, 0.5);
  }
}

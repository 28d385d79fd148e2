import { coverage } from "./coverage.ts";
import { ellipsoidDepth, type Ellipsoid } from "./ellipsoid.ts";
import { LIMBS, type EmbryoBody, type EmbryoPoint } from "./embryo-body.ts";
import type { Local } from "./frame.ts";
import { ORGANS } from "./phantom.ts";
import { seeRod } from "./rod.ts";
import { put, type Staining, type Tissue } from "./tissue.ts";

const SKIN = 0.05;
const BRAIN = 0.05;
const VENTRICLE = -0.16;
const RETINA = 0.4;
const VITREOUS = -0.3;
const LENS = 0.5;
const HEART = 0.16;
const BLOOD = -0.14;
const LIVER = 0.1;
const GUT = -0.14;
const YOLK = 0.08;
const MEMBRANE = 0.12;
const SOMITE = 0.07;
const VERTEBRA = 0.28;
const CARTILAGE = 0.16;
/** Degrees of arc per somite. */
const PERIOD = 7;

/** Fluid in the brain: forebrain (one on each side), midbrain, hindbrain. */
const VENTRICLES: readonly Ellipsoid[] = [
  { centre: [-0.37, 0.05, -0.1], radii: [0.06, 0.032, 0.055] },
  { centre: [-0.4, 0, 0.04], radii: [0.055, 0.05, 0.06] },
  { centre: [-0.26, 0, 0.08], radii: [0.09, 0.04, 0.04] },
];
/** How thick the brain is around its ventricles. */
const CORTEX = 0.035;

const ball = (centre: Local, radius: number): Ellipsoid => ({
  centre,
  radii: [radius, radius, radius],
});
const EYE: Local = [-0.37, 0.115, -0.1];
const HEART_WALL: Ellipsoid = { centre: [-0.12, 0, -0.13], radii: [0.075, 0.07, 0.06] };
const CHAMBERS = [ball([-0.14, 0.028, -0.15], 0.026), ball([-0.1, 0.025, -0.11], 0.024)];
const LOBES: Ellipsoid = { centre: [0.02, 0.045, -0.06], radii: [0.09, 0.06, 0.085] };

/**
 * What lies at a point of an embryo: brain around its ventricles, eyes with retina and lens, heart
 * and its chambers, liver, a coiled gut, neural tube and vertebrae, paired somites, cartilage in the
 * limb buds, and the yolk in its membrane. Overwrites `tissue`. `skin` is the skin's thickness in
 * voxels.
 */
export function createEmbryoOrgans(
  { pose: { length } }: EmbryoBody,
  staining: Staining,
  skin: number,
): (point: EmbryoPoint, tissue: Tissue) => void {
  const cover = (depth: number) => coverage(depth * length);
  const thinnest = 0.7 / length;

  return (point, tissue) => {
    const [along, left, back] = point.at;
    const half: Local = [along, Math.abs(left), back];
    const { trunk } = point;
    const inside = (body: Ellipsoid) => ellipsoidDepth(body, half);
    tissue.mu = staining.mediumMu + staining.contrast;
    tissue.label = ORGANS.body;
    tissue.texture = 1;

    if (point.yolk > 0 && point.yolk >= point.depth) {
      put(tissue, cover(point.yolk), YOLK, ORGANS.yolk, 0.3);
      tissue.label = ORGANS.yolk;
      tissue.mu += MEMBRANE * coverage(0.8 * skin - point.depth * length);
      return;
    }
    if (point.limbs > 0 && point.limbs >= trunk.depth) {
      tissue.label = ORGANS.limbs;
      for (const limb of LIMBS) {
        const { at, off } = seeRod(limb, half);
        const bone = at > 0.15 && at < 0.92 && Math.abs(at - 0.5) > 0.06;
        if (bone) put(tissue, cover(0.34 * limb.radii[1] - off), CARTILAGE, ORGANS.limbs, 0.6);
      }
    }
    spine(trunk, tissue);

    const fluid = Math.max(...VENTRICLES.map(inside));
    put(tissue, cover(fluid + CORTEX), BRAIN, ORGANS.brain, 0.6);
    put(tissue, cover(fluid), VENTRICLE, ORGANS.brain, 0.3);
    const eye = Math.hypot(along - EYE[0], half[1] - EYE[1], back - EYE[2]);
    put(tissue, cover(0.042 - eye), RETINA, ORGANS.eyes, 0.5);
    put(tissue, cover(0.042 - Math.max(0.012, 1.1 / length) - eye), VITREOUS, ORGANS.eyes, 0.5);
    put(tissue, cover(0.017 - eye), LENS, ORGANS.eyes, 0.5);

    put(tissue, cover(inside(LOBES)), LIVER, ORGANS.liver, 1.8);
    const heart = inside(HEART_WALL);
    put(tissue, cover(heart), HEART, ORGANS.heart, 0.7);
    put(
      tissue,
      cover(Math.min(heart, Math.max(...CHAMBERS.map(inside)))),
      BLOOD,
      ORGANS.heart,
      0.4,
    );
    // The gut coils behind the liver, and tapers at both ends.
    const s = (along - 0.17) / 0.11;
    const off = Math.hypot(left - 0.045 * Math.sin(9 * s), back + 0.06 - 0.035 * Math.cos(9 * s));
    const gut = 0.028 * Math.sqrt(Math.max(0, 1 - s * s));
    if (gut > thinnest) put(tissue, cover(gut - off), GUT, ORGANS.gut, 1.6);
    tissue.mu += SKIN * coverage(skin - point.depth * length);
  };

  /** Along the back: neural tube with its canal, vertebrae below it, somites on both sides. */
  function spine({ angle, out, left, thick, wide, depth }: EmbryoPoint["trunk"], tissue: Tissue) {
    if (depth <= 0 || angle < -50 || angle > 145) return;
    const phase = (((angle / PERIOD) % 1) + 1) % 1;
    const beside = Math.abs(left) / wide;
    const block = Math.min(
      0.3 * thick - Math.abs(out - 0.45 * thick),
      (0.3 - Math.abs(beside - 0.5)) * wide,
    );
    const gap = phase < 0.3 ? -0.6 * SOMITE : SOMITE;
    put(tissue, cover(block), gap, ORGANS.somites, 0.7);
    const tube = Math.hypot(left, out - 0.62 * thick);
    put(tissue, cover(Math.max(thinnest, 0.2 * thick) - tube), 0.06, ORGANS.spine, 0.5);
    put(tissue, cover(0.07 * thick - tube), VENTRICLE, ORGANS.spine, 0.3);
    const column = Math.hypot(left, out - 0.25 * thick);
    const bone = phase < 0.65 ? VERTEBRA : 0.3 * VERTEBRA;
    put(tissue, cover(Math.max(thinnest, 0.14 * thick) - column), bone, ORGANS.spine, 0.5);
  }
}

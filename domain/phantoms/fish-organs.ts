import { coverage } from "./coverage.ts";
import type { BodyPoint, FishBody } from "./fish-body.ts";
import { ORGANS } from "./phantom.ts";
import { put, type Staining, type Tissue } from "./tissue.ts";

const SKIN = 0.03;
const VERTEBRA = 0.55;
const DISC = 0.25;
const EYE = 0.35;
const LENS = 0.3;
const GUT = -0.12;
const YOLK = 0.1;
const BRAIN = -0.05;
const MYOMERE = 0.03;
const VERTEBRAE = 22;

/**
 * What lies at a point inside the body: muscle in chevrons, skin, a segmented spine, two eyes, gut,
 * brain, and in some animals a yolk sac. Overwrites `tissue`. `skin` is the skin's thickness in
 * voxels.
 */
export function createFishOrgans(
  body: FishBody,
  staining: Staining,
  skin: number,
): (point: BodyPoint, tissue: Tissue) => void {
  const { length } = body.pose;
  const eye = { t: 0.13, side: 0.68 * body.lateral(0.13), radius: 0.3 * body.lateral(0.13) };
  const brain = { t: 0.2, back: 0.4 * body.dorsoventral(0.2), radius: 0.26 * body.lateral(0.2) };
  const yolk = {
    t: 0.36,
    back: -0.42 * body.dorsoventral(0.36),
    radius: 0.42 * Math.min(body.lateral(0.36), body.dorsoventral(0.36)),
  };
  const ball = (point: BodyPoint, t: number, side: number, back: number) =>
    Math.hypot((point.t - t) * length, point.side - side, point.back - back);

  return (point, tissue) => {
    const { t, side, back, depth } = point;
    const a = body.lateral(t);
    const b = body.dorsoventral(t);
    const fade = 1 - 0.4 * Math.min(1, Math.max(0, (t - 0.5) / 0.5));
    tissue.mu = staining.mediumMu + staining.contrast * fade;
    tissue.label = ORGANS.body;
    tissue.texture = 1;
    if (t > 0.3) {
      tissue.mu += MYOMERE * Math.sin(2 * Math.PI * (VERTEBRAE * t - 0.8 * Math.abs(back / b)));
    }
    put(
      tissue,
      coverage(brain.radius - ball(point, brain.t, 0, brain.back) * 0.9),
      BRAIN,
      ORGANS.brain,
      0.5,
    );
    if (staining.hasYolk) {
      put(
        tissue,
        coverage(yolk.radius - ball(point, yolk.t, 0, yolk.back)),
        YOLK,
        ORGANS.yolk,
        0.3,
      );
    }
    if (t > 0.24 && t < 0.62) {
      // A tube that winds along the belly and tapers at both ends.
      const taper = Math.sqrt(Math.max(0, 1 - ((t - 0.43) / 0.19) ** 2));
      const d = Math.hypot(side - 0.22 * a * Math.sin(16 * t), back + 0.48 * b);
      const cover = coverage(0.24 * Math.min(a, b) * taper - d);
      put(tissue, tissue.label === ORGANS.yolk ? 0 : cover, GUT, ORGANS.gut, 2);
    }
    if (t > 0.17 && t < 0.95) {
      const d = Math.hypot(side, back - 0.3 * b);
      const cover = coverage(Math.max(0.9, 0.13 * a) - d);
      const bone = (t * VERTEBRAE) % 1 < 0.65 ? VERTEBRA : DISC;
      put(tissue, cover, bone, ORGANS.spine, 0.5);
    }
    const toEye = ball(point, eye.t, Math.sign(side) * eye.side, 0.12 * b);
    put(tissue, coverage(eye.radius - toEye), EYE, ORGANS.eyes, 0.5);
    put(tissue, coverage(0.45 * eye.radius - toEye), LENS, ORGANS.eyes, 1);
    tissue.mu += SKIN * coverage(skin - depth);
  };
}

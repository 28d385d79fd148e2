import type { Zyx } from "../volumes/shape.ts";
import { blend } from "./blend.ts";
import { bodyAxes, type Attitude } from "./body-axes.ts";
import { ellipsoidDepth, ellipsoidSkin, type Ellipsoid } from "./ellipsoid.ts";
import { seeTrunk, trunkSkin, type TrunkPoint } from "./embryo-trunk.ts";
import { createFrame, type Local } from "./frame.ts";
import { rodSkin, seeRod, type Rod } from "./rod.ts";

/** Where and how an embryo lies. Lengths in voxels. */
export interface EmbryoPose extends Attitude {
  readonly kind: "embryo";
  /** About the middle of the curled body. */
  readonly centre: Zyx;
  /** From crown to rump. */
  readonly length: number;
  /** Width from side to side, relative to usual. */
  readonly girth: number;
  /** Radius of the yolk over the length. */
  readonly yolk: number;
}

/** A point seen from the embryo, in units of its length, depths negative outside. */
export interface EmbryoPoint {
  /** In the body's frame; `left` is divided by the girth. */
  readonly at: Local;
  /** Below the outside. */
  readonly depth: number;
  readonly trunk: TrunkPoint;
  readonly limbs: number;
  readonly yolk: number;
}

export interface EmbryoBody {
  readonly pose: EmbryoPose;
  locate(z: number, y: number, x: number): EmbryoPoint;
  skin(): readonly Zyx[];
}

/** Head, face and belly; the back is the trunk. */
const LUMPS: readonly Ellipsoid[] = [
  { centre: [-0.33, 0, -0.03], radii: [0.17, 0.15, 0.18] },
  { centre: [-0.3, 0, -0.19], radii: [0.11, 0.1, 0.1] },
  { centre: [-0.37, 0.1, -0.1], radii: [0.06, 0.06, 0.06] },
  { centre: [0.04, 0, -0.05], radii: [0.25, 0.15, 0.16] },
];

/** Limb buds of the left; those of the right are their mirror images. */
export const LIMBS: readonly Rod[] = [
  { from: [0.02, 0.1, -0.01], to: [-0.03, 0.22, -0.13], radii: [0.06, 0.048] },
  { from: [0.29, 0.06, -0.06], to: [0.23, 0.16, -0.19], radii: [0.055, 0.042] },
];

/** Depth to which parts are filleted. */
const FILLET = 0.02;

/** A curled body with its head, limb buds and yolk. */
export function createEmbryoBody(pose: EmbryoPose): EmbryoBody {
  const { length, girth } = pose;
  const frame = createFrame(pose.centre, length, bodyAxes(pose));
  const yolk: Ellipsoid = {
    centre: [0.05, 0, -0.14 - 0.75 * pose.yolk],
    radii: [pose.yolk, pose.yolk, pose.yolk],
  };
  return {
    pose,
    locate(z, y, x) {
      const [a, left, back] = frame.toLocal(z, y, x);
      const at: Local = [a, left / girth, back];
      const half: Local = [a, Math.abs(at[1]), back];
      const trunk = seeTrunk(at, 0.8 / length);
      const limbs = Math.max(...LIMBS.map((limb) => seeRod(limb, half).depth));
      let depth = trunk.depth;
      for (const lump of LUMPS) depth = blend(depth, ellipsoidDepth(lump, half), FILLET);
      depth = blend(depth, limbs, FILLET);
      const inYolk = ellipsoidDepth(yolk, [a, left, back]);
      return { at, depth: Math.max(depth, inYolk), trunk, limbs, yolk: inYolk };
    },
    skin() {
      const body = [
        ...LUMPS.flatMap((lump) => ellipsoidSkin(lump)),
        ...LIMBS.flatMap(rodSkin),
      ].flatMap(([a, left, back]): readonly Local[] => [
        [a, left, back],
        [a, -left, back],
      ]);
      const wide = [...trunkSkin(), ...body].map(([a, left, back]): Local => [
        a,
        left * girth,
        back,
      ]);
      return [...wide, ...ellipsoidSkin(yolk)].map(frame.toScan);
    },
  };
}

import type { Zyx } from "../volumes/shape.ts";
import { bodyAxes, type Attitude } from "./body-axes.ts";
import { ellipsoidDepth, ellipsoidSkin, type Ellipsoid } from "./ellipsoid.ts";
import { createFrame, type Local } from "./frame.ts";
import { createLeaf, type LeafDraw, type LeafPoint } from "./plant-leaf.ts";
import { rodSkin, seeRod, type Rod, type RodPoint } from "./rod.ts";

/** Where a plant stands and how it has grown. Lengths over its own, but for `length` in voxels. */
export interface PlantPose extends Attitude {
  readonly kind: "plant";
  /** The middle of the straight line from root to tip. */
  readonly centre: Zyx;
  readonly length: number;
  /** Radius of the stem at the root. */
  readonly stem: number;
  /** Arcs of the stem, to the left and to the back. */
  readonly bend: readonly [left: number, back: number];
  /** Vascular bundles around the pith. */
  readonly bundles: number;
  readonly leaves: readonly LeafDraw[];
  readonly shoots: readonly Pick<LeafDraw, "height" | "azimuth" | "angle" | "length">[];
}

/** A point seen from the part of the plant that it is deepest in. Depths in the plant's unit. */
export type PlantPoint = { readonly depth: number } & (
  | {
      readonly part: "stem";
      /** 0 at the root, 1 at the tip. */
      readonly height: number;
      /** From the stem's middle, 1 on its outside, and around it in radians. */
      readonly out: number;
      readonly around: number;
      readonly radius: number;
    }
  | ({ readonly part: "shoot" | "stalk"; readonly rod: Rod } & RodPoint)
  | ({ readonly part: "leaf" } & LeafPoint)
  | { readonly part: "bud"; readonly out: number }
);

export interface PlantBody {
  readonly pose: PlantPose;
  locate(z: number, y: number, x: number): PlantPoint;
  skin(): readonly Zyx[];
}

/** Where the stem ends and the bud sits. */
const TOP = 0.88;

export function createPlantBody(pose: PlantPose): PlantBody {
  const { length, bend } = pose;
  const frame = createFrame(pose.centre, length, bodyAxes(pose));
  const thinnest = 0.8 / length;
  const radiusAt = (height: number) => Math.max(1.5 * thinnest, pose.stem * (1 - 0.55 * height));
  const middle = (height: number): Local => {
    const arc = 4 * (height - 0.5) ** 2 - 1 / 3;
    return [0.5 - height, bend[0] * arc, bend[1] * arc];
  };
  const leaves = pose.leaves.map((leaf) => createLeaf(leaf, middle(leaf.height), thinnest));
  const shoots = pose.shoots.map(({ height, azimuth, angle, length }): Rod => {
    const from = middle(height);
    const side = length * Math.sin(angle);
    return {
      from,
      to: [
        from[0] - length * Math.cos(angle),
        from[1] + side * Math.cos(azimuth),
        from[2] + side * Math.sin(azimuth),
      ],
      radii: [Math.max(1.2 * thinnest, 0.5 * pose.stem), Math.max(thinnest, 0.28 * pose.stem)],
    };
  });
  const tip = middle(TOP + 0.04);
  const wide = 1.15 * pose.stem;
  const bud: Ellipsoid = { centre: tip, radii: [0.08, wide, wide] };

  const seeStem = (p: Local): PlantPoint => {
    const height = 0.5 - p[0];
    const on = middle(Math.min(TOP, Math.max(0, height)));
    const radius = radiusAt(height);
    const off = Math.hypot(p[1] - on[1], p[2] - on[2]);
    const depth = Math.min(radius - off, height, TOP - height);
    const around = Math.atan2(p[2] - on[2], p[1] - on[1]);
    return { part: "stem", depth, height, out: off / radius, around, radius };
  };

  return {
    pose,
    locate(z, y, x) {
      const p = frame.toLocal(z, y, x);
      let best = seeStem(p);
      const offer = (point: PlantPoint) => {
        if (point.depth > best.depth) best = point;
      };
      for (const rod of shoots) offer({ part: "shoot", rod, ...seeRod(rod, p) });
      for (const leaf of leaves) {
        offer({ part: "stalk", rod: leaf.stalk, ...seeRod(leaf.stalk, p) });
        offer({ part: "leaf", ...leaf.see(p) });
      }
      const out = Math.hypot(
        (p[0] - tip[0]) / bud.radii[0],
        (p[1] - tip[1]) / wide,
        (p[2] - tip[2]) / wide,
      );
      offer({ part: "bud", depth: ellipsoidDepth(bud, p), out });
      return best;
    },
    skin() {
      const stem = Array.from({ length: 25 }, (_, i) => (TOP * i) / 24).flatMap((height) =>
        Array.from({ length: 16 }, (_, j): Local => {
          const [along, left, back] = middle(height);
          const angle = (2 * Math.PI * j) / 16;
          const radius = radiusAt(height);
          return [along, left + radius * Math.cos(angle), back + radius * Math.sin(angle)];
        }),
      );
      const rods = [...shoots, ...leaves.map(({ stalk }) => stalk)].flatMap(rodSkin);
      const blades = leaves.flatMap((leaf) => leaf.skin());
      return [...stem, ...rods, ...blades, ...ellipsoidSkin(bud)].map(frame.toScan);
    },
  };
}

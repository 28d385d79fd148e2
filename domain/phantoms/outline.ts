/** A closed outline in a slice, about the point where its axis crosses. Lengths in voxels. */
export type Outline =
  | { readonly kind: "round"; readonly radius: number }
  | {
      readonly kind: "square";
      /** Half of the side. */
      readonly radius: number;
      /** Radius of the rounded corners. */
      readonly corner: number;
      /** Rotation within the slice, radians from x towards y. */
      readonly turn: number;
    }
  | {
      readonly kind: "lump";
      /** Mean radius. */
      readonly radius: number;
      /** Waves around the outline, `height` relative to the radius. */
      readonly waves: readonly {
        readonly count: number;
        readonly height: number;
        readonly phase: number;
      }[];
    };

/**
 * How far out a point is, from its offset to the outline's axis: 0 in the middle, `outline.radius`
 * on the outline, so that `radius − reach` is the depth below it. Voxels; exact for round and
 * square outlines, to first order for lumps.
 */
export function createReach(outline: Outline): (dy: number, dx: number) => number {
  switch (outline.kind) {
    case "round":
      return Math.hypot;
    case "square": {
      const { radius, corner, turn } = outline;
      const [sin, cos] = [Math.sin(turn), Math.cos(turn)];
      return (dy, dx) => {
        const p = Math.abs(dx * cos + dy * sin) - radius + corner;
        const q = Math.abs(dy * cos - dx * sin) - radius + corner;
        const outside = Math.hypot(Math.max(p, 0), Math.max(q, 0));
        return radius - corner + outside + Math.min(Math.max(p, q), 0);
      };
    }
    case "lump": {
      const { radius, waves } = outline;
      return (dy, dx) => {
        const angle = Math.atan2(dy, dx);
        const rise = waves.reduce(
          (sum, { count, height, phase }) => sum + height * Math.cos(count * angle + phase),
          0,
        );
        return Math.hypot(dy, dx) - radius * rise;
      };
    }
  }
}

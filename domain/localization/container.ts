import { median, robustSd } from "../volumes/median.ts";
import { otsu } from "../volumes/otsu.ts";
import type { Grid, Mask, Zyx } from "../volumes/shape.ts";
import { fitTube } from "./fit-tube.ts";
import type { TubeFit } from "./fit-tube.ts";
import { onLine } from "./line.ts";
import type { Line } from "./line.ts";

/** A round tube along z, full of medium, with air around it. Lengths in voxels of the level it was found in. */
export interface Tube {
  readonly kind: "tube";
  readonly reason: string;
  /** Grey level between air and what is not air, for a volume blurred by 1.5 voxels. */
  readonly air: number;
  readonly centreY: Line;
  readonly centreX: Line;
  readonly outerRadius: number;
  /** Where the wall ends and the medium begins. */
  readonly innerRadius: number;
}

/** No container that could be masked; `reason` says what was looked for and not found. */
export interface NoContainer {
  readonly kind: "none";
  readonly reason: string;
}

export type Container = Tube | NoContainer;

/**
 * Look for a round tube with air around it.
 *
 * It must show as discs of one radius along a straight line through most slices, mostly full. When
 * anything of that does not hold, the answer is `none`, in words: masking the wrong thing would cut
 * the specimen. `smooth` is the level blurred by 1.5 voxels.
 */
export function findContainer(level: Grid, smooth: Grid<Float32Array>): Container {
  const [, y, x] = level.shape;
  const sample = everySecond(smooth);
  // Where the medium is close to the air and something bright is there, the upper of two classes
  // is only the bright part; the lower of three thresholds then separates air.
  const thresholds = [otsu(sample, 2, 128).thresholds[0], otsu(sample, 3, 128).thresholds[0]];
  let reason = "The volume is constant";
  for (const air of thresholds) {
    if (air === undefined) continue;
    const filled = Uint8Array.from(smooth.data, (v) => (v > air ? 1 : 0));
    const solid: Mask = { shape: level.shape, data: filled };
    const found = fitTube(solid);
    if (typeof found === "string") {
      reason = found;
      continue;
    }
    const { radius, centreY, centreX } = found;
    const inner = findInnerRadius(level, solid, found, air);
    const at = `(${middle(centreY, level.shape).toFixed(1)}, ${middle(centreX, level.shape).toFixed(1)})`;
    return {
      kind: "tube",
      reason: `Round tube of radius ${radius.toFixed(1)} around (y, x) = ${at} of ${y} x ${x} voxels, seen in ${found.slices} of ${level.shape[0]} slices; medium within ${inner.toFixed(1)}`,
      air,
      centreY,
      centreX,
      outerRadius: radius,
      innerRadius: inner,
    };
  }
  return { kind: "none", reason };
}

function middle(line: Line, [z]: Zyx): number {
  return onLine(line, (z - 1) / 2);
}

/** Walk inwards from the rim while the median grey level there differs from the plateau's. */
function findInnerRadius(
  level: Grid,
  solid: Mask,
  { centreY, centreX, radius }: TubeFit,
  air: number,
) {
  const profile = radialMedians(level, solid, centreY, centreX, Math.floor(radius) + 2);
  const plateau = profile.slice(Math.floor(0.5 * radius), Math.floor(0.8 * radius));
  const medium = median(plateau);
  // The floor keeps a plateau that is smooth by luck from turning noise into wall; as measured it
  // was .6 grey levels where medium and air are about 75 apart.
  const sd = robustSd(plateau, medium) + 0.008 * Math.abs(medium - air);
  let r = Math.floor(radius) - 1;
  while (r > 0.75 * radius && !(Math.abs(profile[r]! - medium) <= 4 * sd)) r--;
  return r - 1;
}

function radialMedians(
  { shape: [z, y, x], data }: Grid,
  solid: Mask,
  centreY: Line,
  centreX: Line,
  count: number,
): number[] {
  const rings: number[][] = Array.from({ length: count }, () => []);
  for (let k = 0, i = 0; k < z; k++) {
    const [cy, cx] = [onLine(centreY, k), onLine(centreX, k)];
    for (let j = 0; j < y; j++) {
      for (let l = 0; l < x; l++, i++) {
        if (solid.data[i] === 0) continue;
        const r = Math.floor(Math.hypot(j - cy, l - cx));
        if (r < count) rings[r]!.push(data[i]!);
      }
    }
  }
  return rings.map((ring) => median(ring));
}

function everySecond({ shape: [z, y, x], data }: Grid<Float32Array>): Float32Array {
  const out: number[] = [];
  for (let k = 0; k < z; k += 2) {
    for (let j = 0; j < y; j += 2) {
      for (let l = 0; l < x; l += 2) out.push(data[(k * y + j) * x + l]!);
    }
  }
  return Float32Array.from(out);
}

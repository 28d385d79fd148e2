import type { Random } from "../random.ts";
import { AXES, type Zyx } from "../volumes/shape.ts";
import { createSpecimen, drawPose, type SpecimenPose } from "./create-specimen.ts";
import type { PhantomPreset } from "./presets.ts";
import type { Seat } from "./seat.ts";
import { skinSpan } from "./skin-bounds.ts";
import type { Specimen } from "./specimen.ts";
import type { SpecimenName } from "./specimen-names.ts";
import type { Staining } from "./tissue.ts";

export interface Placing {
  readonly name: SpecimenName;
  readonly preset: PhantomPreset;
  readonly staining: Staining;
  readonly size: number;
  readonly count: number;
  /** Size relative to the preset's. */
  readonly shrink: number;
  readonly isUpsideDown: boolean;
  readonly seat: Seat;
}

const POSES = 200;
/** Voxels at least between two specimens, over the width of the scan. */
const APART = 3 / 128;

/**
 * Draw poses that fit: where the seat says, apart from each other, each with a box of the wanted
 * size.
 *
 * Poses are drawn until one fits. Each failed pose makes the next a little smaller and straighter,
 * so that the search ends in any container; a box too small for `preset.boxFraction` is then
 * accepted.
 */
export function placeSpecimens(placing: Placing, random: Random): readonly SpecimenPose[] {
  const poses: SpecimenPose[] = [];
  const others: Specimen[] = [];
  while (poses.length < placing.count) {
    const pose = placeOne(placing, others, random);
    poses.push(pose);
    others.push(createSpecimen(pose, placing.staining, placing.size));
  }
  return poses;
}

function placeOne(placing: Placing, others: readonly Specimen[], random: Random): SpecimenPose {
  const { name, preset, staining, size, shrink } = placing;
  const [least, most] = preset.boxFraction.map((fraction) => fraction * shrink ** 3);
  for (let attempt = 0; ; attempt++) {
    const ease = shrink * Math.max(0.05, 1 - Math.max(0, attempt - POSES / 2) / POSES);
    const drawn = drawPose(name, preset, size, ease, random);
    const pose: SpecimenPose = placing.isUpsideDown ? { ...drawn, head: "down" } : drawn;
    const { skin } = createSpecimen(pose, staining, size);
    const fraction = boxFraction(skin, size);
    const isWanted = fraction >= least! && fraction <= most!;
    const centre = placing.seat(skin, random);
    if (!centre || !(isWanted || attempt >= 2 * POSES)) continue;
    const placed = { ...pose, centre };
    const specimen = createSpecimen(placed, staining, size);
    if (others.every((other) => areApart(specimen, other, APART * size))) return placed;
  }
}

function areApart(a: Specimen, b: Specimen, gap: number): boolean {
  const isClear = (points: readonly Zyx[], { depth }: Specimen) =>
    points.every(([z, y, x]) => depth(z, y, x) < -gap);
  return isClear(a.skin, b) && isClear(b.skin, a);
}

function boxFraction(skin: readonly Zyx[], size: number): number {
  const sides = AXES.map((axis) => {
    const [lo, hi] = skinSpan(skin, axis);
    return hi - lo;
  });
  return (sides[0]! * sides[1]! * sides[2]!) / size ** 3;
}

import { boxIou, boxVolume, hullBox, overlapVolume } from "../volumes/box.ts";
import { AXES, AXIS_NAMES } from "../volumes/shape.ts";
import type { Box, Grid } from "../volumes/shape.ts";
import { energyLocalizer } from "./energy.ts";
import { localizeFromMaps } from "./from-map.ts";
import { localizeFromProbability } from "./from-probability.ts";
import { localizeFromProfiles } from "./from-profiles.ts";
import type { CertaintyProfile } from "./from-profiles.ts";
import type { Place } from "./place.ts";
import type { CertaintyMap, View } from "./view.ts";

/** Everything that is known about one scan when its box is decided. */
export interface Evidence {
  readonly view: View;
  readonly place: Place;
  /** Window-wise certainty, one map per axis, and the windows' radius in voxels of the view. */
  readonly windows?: { readonly maps: readonly CertaintyMap[]; readonly radius: number };
  /** Whole-slice certainty along z, y, x. */
  readonly slices?: readonly [CertaintyProfile, CertaintyProfile, CertaintyProfile];
  /** A refinement network's probability of specimen per voxel of the view; replaces `windows`. */
  readonly probability?: Grid<Float32Array>;
}

/** Boxes at level 0 by who found them; a name is missing where nothing was found or asked. */
export interface FoundBoxes {
  readonly energy?: Box;
  readonly windows?: Box;
  readonly slices?: Box;
  readonly refined?: Box;
}

/** The decision about one scan. */
export interface Reconciled {
  readonly outcome: "cropped" | "kept-whole";
  /** At level 0, without margin; undefined when the scan is kept whole. */
  readonly box: Box | undefined;
  /** 0 to 1: how far the localizers agree and how clearly the specimen stands out. */
  readonly confidence: number;
  /** Sentences for the report: why kept whole, what disagreed, what touches the border. */
  readonly reasons: readonly string[];
  readonly boxes: FoundBoxes;
  /** Per face: at the border of the volume, where the specimen may go on outside the scan. */
  readonly touchesBorder: readonly (readonly [lo: boolean, hi: boolean])[];
}

/** A box that keeps more than this share of the volume is not worth the risk of cropping. */
const LARGEST_SHARE = 0.9;
/** Two boxes that share less than this of the smaller one are about different things. */
const LEAST_OVERLAP = 0.5;

/**
 * Decide on the box of one scan, or keep it whole.
 *
 * The learned localizer (refined, else windows, else slices) and the label-free energy must
 * point at the same thing; the result is the hull of both, because a box that is too large costs
 * storage and one that is too small costs the specimen. Abstains when they point at different
 * things, when neither sees anything, and when the box is nearly everything.
 */
export function reconcile(evidence: Evidence): Reconciled {
  const { view, place, windows, slices, probability } = evidence;
  const reasons: string[] = [];
  const energy = energyLocalizer(view, place);
  const map =
    windows && localizeFromMaps(windows.maps, view, place, { windowRadius: windows.radius });
  const refined = probability && localizeFromProbability(probability, view, place);
  const whole =
    slices && localizeFromProfiles(slices, { shape: view.values.shape, bin: view.bin }, place);
  const boxes: FoundBoxes = {
    ...(energy.box && { energy: energy.box }),
    ...(map?.box && { windows: map.box }),
    ...(whole?.box && { slices: whole.box }),
    ...(refined?.box && { refined: refined.box }),
  };
  const asked = probability ? "refined" : windows ? "windows" : slices ? "slices" : "energy";
  const learned = asked === "energy" ? undefined : (boxes[asked] ?? boxes.windows ?? boxes.slices);
  const clear = 1 - Math.exp(-energy.contrast / 6);

  const keep = (confidence: number, reason: string): Reconciled => ({
    outcome: "kept-whole",
    box: undefined,
    confidence: round(confidence),
    reasons: [...reasons, reason],
    boxes,
    touchesBorder: AXES.map(() => [false, false] as const),
  });
  const crop = (box: Box, confidence: number): Reconciled => {
    const share = boxVolume(box) / (place.shape0[0] * place.shape0[1] * place.shape0[2]);
    if (share > LARGEST_SHARE) {
      return keep(confidence, `The box would keep ${(100 * share).toFixed(0)} % of the volume`);
    }
    const touchesBorder = AXES.map(
      (axis) => [box[axis][0] === 0, box[axis][1] === place.shape0[axis]] as const,
    );
    const faces = AXES.flatMap((axis) =>
      (["start", "end"] as const)
        .filter((_, side) => touchesBorder[axis]![side])
        .map((end) => `${AXIS_NAMES[axis]} ${end}`),
    );
    if (faces.length > 0) {
      reasons.push(`The box touches the volume's border at ${faces.join(", ")}`);
    }
    return {
      outcome: "cropped",
      box,
      confidence: round(confidence),
      reasons,
      boxes,
      touchesBorder,
    };
  };

  if (energy.pieces > 1) reasons.push(`The specimen shows in ${energy.pieces} pieces`);
  if (whole && whole.flat.length > 0 && asked === "slices") {
    reasons.push(`The certainty profile is flat along ${whole.flat.join(", ")}`);
  }
  if (learned === undefined && energy.box === undefined) {
    return keep(
      0,
      `No specimen found: nothing stands out of the background (contrast ${energy.contrast.toFixed(1)})`,
    );
  }
  if (learned === undefined) {
    if (asked !== "energy") reasons.push(`The ${asked} localizer found nothing; energy alone`);
    return crop(energy.box!, clear * energy.stability * (asked === "energy" ? 1 : 0.7));
  }
  if (energy.box === undefined) {
    const reason = `Only the ${asked} localizer found something; in energy nothing stands out (contrast ${energy.contrast.toFixed(1)})`;
    if (map === undefined || map.contrast < 2 * LEAST_SOLE_CONTRAST) return keep(0.2, reason);
    reasons.push(reason);
    return crop(learned, 0.4);
  }
  const shared =
    overlapVolume(learned, energy.box) / Math.min(boxVolume(learned), boxVolume(energy.box));
  const iou = boxIou(learned, energy.box);
  if (shared < LEAST_OVERLAP) {
    return keep(
      0.5 * iou,
      `The ${asked} and the energy localizer point at different places: they share ${(100 * shared).toFixed(0)} % of the smaller box`,
    );
  }
  return crop(hullBox(learned, energy.box), clear * Math.sqrt(iou));
}

/** Of a map that nothing else supports. */
const LEAST_SOLE_CONTRAST = 2;

function round(confidence: number): number {
  return Math.round(100 * Math.min(Math.max(confidence, 0), 1)) / 100;
}

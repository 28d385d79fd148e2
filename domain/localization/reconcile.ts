import { boxIou, boxVolume, hullBox, mapAxes, overlapVolume } from "../volumes/box.ts";
import { AXES, AXIS_NAMES, voxelCount } from "../volumes/shape.ts";
import type { Box, Zyx } from "../volumes/shape.ts";
import { findBoxes } from "./find-boxes.ts";
import { type Contact, findContact } from "./find-contact.ts";
import type { Evidence, Findings, FoundBoxes } from "./find-boxes.ts";

export type { Evidence, FoundBoxes } from "./find-boxes.ts";

/** The decision about one scan. */
export interface Reconciled {
  readonly outcome: "cropped" | "kept-whole";
  /** At level 0, without margin; undefined when the scan is kept whole. */
  readonly box: Box | undefined;
  /** 0 to 1: how far the localizers agree and how clearly the specimen stands out; 0 without a box. */
  readonly confidence: number;
  /** Sentences for the report: why kept whole, what disagreed, what touches the border. */
  readonly reasons: readonly string[];
  readonly boxes: FoundBoxes;
  /** Per axis: at the border of the volume, where the specimen may go on outside the scan. */
  readonly touchesBorder: readonly (readonly [lo: boolean, hi: boolean])[];
}

/** A box that keeps more than this share of the volume is not worth the risk of cropping. */
const LARGEST_SHARE = 0.9;
/**
 * Of the axis: how far the energy may move a face that a refinement network has found, where no
 * container was suppressed. It sees thin parts that the network does not; in a tube it sees specks
 * and what is left of the wall, too, and moving faces by them saved no specimen.
 */
const ENERGY_REACH = 0.04;
/**
 * Of a specimen's outline, against what was masked: 0.07 to 0.28 of phantoms that touch their wall,
 * up to 0.04 of heads that lie free in a tube.
 */
const TOUCHING = 0.06;
/** Of the axis: how far a face moves outwards there. Walls hid 3 to 6 % of the axis of such phantoms. */
const HIDDEN = 0.05;
/** Two boxes that share less than this of the smaller one are about different things. */
const LEAST_OVERLAP = 0.5;

/**
 * Decide on the box of one scan, or keep it whole.
 *
 * The best learned localizer with evidence (refined, else windows, else slices) and the label-free
 * energy must point at the same thing; the result is the hull of both, because a box that is too
 * large costs storage and one that is too small costs the specimen. A refined box is the result
 * itself; the energy moves its faces outwards where no container was suppressed, by 4 % of the axis
 * at most. Keeps the scan whole when they point at different things, when nothing stands out, and
 * when the box is nearly everything.
 */
export function reconcile(evidence: Evidence): Reconciled {
  const findings = findBoxes(evidence);
  const decision = decide(findings, evidence);
  const { shape0 } = evidence.place;
  const share = decision.box ? boxVolume(decision.box) / voxelCount(shape0) : 0;
  const tooLarge = share > LARGEST_SHARE;
  const found = tooLarge ? undefined : decision.box;
  const contact = findContact(findings.mask, evidence.view.valid);
  const touching = found !== undefined && contact.share > TOUCHING;
  const box = touching ? towards(found, contact.faces, shape0) : found;
  const touchesBorder = AXES.map(
    (axis) => [box?.[axis][0] === 0, box?.[axis][1] === shape0[axis]] as const,
  );
  return {
    outcome: box ? "cropped" : "kept-whole",
    box,
    confidence: box ? round(decision.confidence) : 0,
    reasons: [
      ...findings.remarks,
      ...(decision.reason ? [decision.reason] : []),
      ...(tooLarge ? [`The box would keep ${(100 * share).toFixed(0)} % of the volume`] : []),
      ...(touching
        ? ["The specimen touches what was masked as its container, and may go on under it"]
        : []),
      ...(box ? borderRemarks(box, shape0) : []),
    ],
    boxes: findings.boxes,
    touchesBorder,
  };
}

interface Decision {
  readonly box: Box | undefined;
  readonly confidence: number;
  readonly reason?: string;
}

function decide(
  { boxes, energy, asked, clear: sure, flat }: Findings,
  { view, place }: Evidence,
): Decision {
  const learned = boxes.refined ?? boxes.windows ?? boxes.slices;
  const contrast = energy.contrast.toFixed(1);
  // 63 % where the energy is just enough to count, 95 % at three times as much.
  const clear = 1 - Math.exp(-energy.contrast / 6);

  if (learned === undefined && boxes.energy === undefined) {
    return keep(`No specimen found: nothing stands out of the background (contrast ${contrast})`);
  }
  if (learned === undefined) {
    const confidence = clear * energy.stability;
    if (asked === "energy") return { box: boxes.energy, confidence };
    return {
      box: boxes.energy,
      confidence: 0.7 * confidence,
      reason: `The ${asked} localizer found nothing; the box is the energy's alone`,
    };
  }
  if (boxes.energy === undefined) {
    const reason = `In energy nothing stands out (contrast ${contrast})`;
    // Measured on faint specimens without energy: refined boxes lost 1 % of the specimen, the
    // windows' own 18 %.
    if (boxes.refined === undefined) return keep(`${reason}, and the ${asked} have no support`);
    if (!sure) return keep(`${reason}, and what the refinement finds is small or scattered`);
    const box = boxes.refined;
    return { box, confidence: 0.4, reason: `${reason}; the box is the refined one` };
  }
  const smaller = Math.min(boxVolume(learned), boxVolume(boxes.energy));
  const shared = overlapVolume(learned, boxes.energy) / smaller;
  if (shared < LEAST_OVERLAP && flat && boxes.refined) {
    // What was learned from maps that show nothing is no second opinion.
    return {
      box: boxes.energy,
      confidence: 0.7 * clear * energy.stability,
      reason: `The maps show nothing, and what was learned from them points elsewhere; the box is the energy's alone`,
    };
  }
  if (shared < LEAST_OVERLAP) {
    return keep(
      `The ${asked} and the energy localizer point at different places: they share ${(100 * shared).toFixed(0)} % of the smaller box`,
    );
  }
  const hull = hullBox(learned, boxes.energy);
  const suppressed = view.valid.data.includes(0);
  return {
    box: !boxes.refined ? hull : suppressed ? learned : within(hull, learned, place.shape0),
    confidence: clear * Math.sqrt(boxIou(learned, boxes.energy)),
  };
}

/** A box whose faces lie further out where the specimen touches what was masked. */
function towards(box: Box, faces: Contact["faces"], shape0: Zyx): Box {
  return mapAxes((axis) => {
    const [lo, hi] = box[axis];
    const by = Math.round(HIDDEN * shape0[axis]);
    const [first, last] = faces[axis]!;
    return [first ? Math.max(0, lo - by) : lo, last ? Math.min(shape0[axis], hi + by) : hi];
  });
}

/** What of a box lies within the energy's reach of another one. */
function within(box: Box, refined: Box, shape0: Zyx): Box {
  return mapAxes((axis) => {
    const reach = Math.round(ENERGY_REACH * shape0[axis]);
    const [lo, hi] = refined[axis];
    return [Math.max(box[axis][0], lo - reach), Math.min(box[axis][1], hi + reach)];
  });
}

function keep(reason: string): Decision {
  return { box: undefined, confidence: 0, reason };
}

function borderRemarks(box: Box, shape0: Zyx): string[] {
  const faces = AXES.flatMap((axis) => [
    ...(box[axis][0] === 0 ? [`${AXIS_NAMES[axis]} start`] : []),
    ...(box[axis][1] === shape0[axis] ? [`${AXIS_NAMES[axis]} end`] : []),
  ]);
  return faces.length > 0 ? [`The box touches the volume's border at ${faces.join(", ")}`] : [];
}

function round(confidence: number): number {
  return Math.round(100 * Math.min(Math.max(confidence, 0), 1)) / 100;
}

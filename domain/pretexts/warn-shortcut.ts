import type { RotationDiagnostics } from "./diagnose-rotation.ts";
import type { SortingDiagnostics, VolumeDisplacements } from "./diagnose-sorting.ts";
import { TRIVIAL_ORDERINGS } from "./trivial-orderings.ts";
import type { TrivialOrdering } from "./trivial-orderings.ts";

/**
 * Slices without specimen are sorted when their displacement is below this share of random. Between
 * what was measured (localization.md §8.3): trained on all slices 1.58 to 2.95 of 3.97, trained on
 * the specimen's slices only 3.16 and more.
 */
const OUTSIDE_SORTED = 0.77;

/**
 * Below this share of the floor an order is too good to come from the specimen: it was .87 where the
 * container sorted (raw volumes), .95 and more where it did not (suppressed ones).
 */
const BELOW_FLOOR = 0.95;

/**
 * More than half of the skill gone with the annulus: a choice. Clean heads lost none with everything
 * around them removed, raw volumes lost none with the specimen removed (localization.md §8).
 */
const SKILL_LOST = 0.5;

/** Fewer positions than this better than random is no skill that could be lost: sampling noise. */
const LEAST_SKILL = 0.3;

/** One volume alone, out of many, says little: its empty slices may differ by chance. */
const LEAST_VOLUMES = 3;

/** Background at validation should be at 0.14 to 0.2 (method.md §2.6.2). */
const BACKGROUND_P0 = 0.2;

/** Between what localized nothing (.49) and a little (.67); .93 localizes (method.md §7.4). */
const LEAST_AUC = 0.6;

const NAMES: Readonly<Record<TrivialOrdering, string>> = {
  area: "their area above a grey level",
  mean: "their mean",
  std: "their standard deviation",
  p99: "their brightest percent",
};

/** What is wrong with how a pretext is solved, in sentences for a person; none where nothing is. */
export function warnShortcut(diagnostics: SortingDiagnostics | RotationDiagnostics): string[] {
  return diagnostics.pretext === "sorting" ? sorting(diagnostics) : rotation(diagnostics);
}

function sorting({
  random,
  all,
  inside,
  outside,
  floor,
  emptyShare = 0,
  masked,
  trivial,
  volumes,
}: SortingDiagnostics): string[] {
  const warnings: string[] = [];
  const enough = (has: (volume: VolumeDisplacements) => unknown) =>
    volumes.filter((volume) => has(volume) !== undefined).length >=
    Math.min(LEAST_VOLUMES, volumes.length);
  const outsideSorted = outside !== undefined && outside < OUTSIDE_SORTED * random;
  if (outsideSorted && enough((volume) => volume.outside)) {
    const compared = inside === undefined ? "" : ` and ${show(inside)} inside it`;
    warnings.push(
      `The order is told from the container: slices outside the specimen are sorted too, displacement ${show(outside)} there${compared}, ${show(random)} at random`,
    );
  }
  const belowFloor = floor !== undefined && all < BELOW_FLOOR * floor;
  if (belowFloor && enough((volume) => volume.floor)) {
    warnings.push(
      `The order is too good to come from the specimen: ${Math.round(100 * emptyShare)} % of the slices are empty, so a perfect sorter of the others would still get ${show(floor)}, and displacement is ${show(all)}`,
    );
  }
  const skill = random - all;
  if (masked !== undefined && skill >= LEAST_SKILL && masked - all > SKILL_LOST * skill) {
    warnings.push(
      `The order is told from the rim of the slices: displacement ${show(all)} becomes ${show(masked)} with the outer annulus masked, ${show(random)} at random`,
    );
  }
  if (trivial !== undefined) {
    const best = TRIVIAL_ORDERINGS.reduce((a, b) => (trivial[b] < trivial[a] ? b : a));
    if (trivial[best] <= all) {
      warnings.push(
        `Nothing was learned that is not trivial: sorting slices by ${NAMES[best]} gives displacement ${show(trivial[best])}, the network ${show(all)}`,
      );
    }
  }
  return warnings;
}

function rotation({ chance, p0, tta }: RotationDiagnostics): string[] {
  const warnings: string[] = [];
  if (p0.background > BACKGROUND_P0) {
    warnings.push(
      `Angles are told where there is no specimen: two copies of background are "not turned" with probability ${show(p0.background)}, ${show(chance)} by chance and ${show(p0.specimen)} in the specimen`,
    );
  }
  if (p0.auc < 0.5) {
    warnings.push(
      `Certainty of identical copies (p0) points at the background: it is higher in the specimen in ${Math.round(100 * p0.auc)} % of comparisons only. Do not localize by it`,
    );
  }
  if (tta !== undefined && tta.auc < LEAST_AUC) {
    warnings.push(
      `Certainty of turned copies hardly tells the specimen from the background: it is higher in the specimen in ${Math.round(100 * tta.auc)} % of comparisons`,
    );
  }
  return warnings;
}

function show(value: number): string {
  return value.toFixed(2);
}

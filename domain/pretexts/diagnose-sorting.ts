import { InvalidInput } from "../errors.ts";
import { randomDisplacement } from "../metrics/sorting-metrics.ts";
import { spearman } from "../metrics/spearman.ts";
import { createRandom } from "../random.ts";
import type { Random } from "../random.ts";
import type { Interval } from "../volumes/shape.ts";
import { drawDisplacement, drawSlices } from "./draw-displacement.ts";
import type { TrivialOrdering, TrivialScores } from "./trivial-orderings.ts";

/** What a sorting network says of one volume that it was not trained on. */
export interface ScoredVolume {
  readonly id: string;
  /** z, one per slice, in order along the axis. */
  readonly scores: ArrayLike<number>;
  /** The same for the volume with its outer annulus masked (`maskAnnulus`). */
  readonly masked?: ArrayLike<number>;
  /** Where along the axis there is specimen, if somebody knows. */
  readonly specimen?: Interval;
  /** Orderings that need no network (`fitTrivialOrderings`). */
  readonly trivial?: TrivialScores;
}

export interface DiagnoseSortingOptions {
  readonly seed: number;
  /** k: slices per draw. @default 12, the paper's */
  readonly slices?: number;
  /** Draws per volume and range. @default 300 */
  readonly draws?: number;
  /** Trained flip-invariantly: turn each volume's scores the way that they mostly go. @default false */
  readonly flipInvariant?: boolean;
}

/**
 * Displacements in positions. What could not be measured is not there: fewer than k slices in a
 * range, no masked scores, no known specimen.
 */
export interface Displacements {
  /** Over all slices. */
  readonly all: number;
  /** The smaller of that and of the reversed order's. */
  readonly directionFree: number;
  /** Over slices of the specimen. */
  readonly inside?: number;
  /** Over slices without specimen, from both ends; near `random` unless the container tells them apart. */
  readonly outside?: number;
  /**
   * What a perfect sorter of the specimen's slices that knows nothing of the others would get over
   * all slices: those score at random in the specimen's range. Much less is evidence of a shortcut.
   * Only where both ends are empty: at one end, slices that show nothing have their place.
   */
  readonly floor?: number;
  /** Over all slices, with the outer annulus masked; needs no known specimen. */
  readonly masked?: number;
  /** Over all slices, of orderings that need no network. */
  readonly trivial?: Readonly<Record<TrivialOrdering, number>>;
}

export interface VolumeDisplacements extends Displacements {
  readonly id: string;
  /** Spearman's ρ of scores and positions over all slices: its sign is the specimen's direction. */
  readonly spearman: number;
}

/** How a network sorts, and what by. Plain JSON. */
export interface SortingDiagnostics extends Displacements {
  readonly pretext: "sorting";
  /** k */
  readonly slices: number;
  /** The displacement of random scores. */
  readonly random: number;
  /** Share of slices without specimen, over the volumes for which that is known. */
  readonly emptyShare?: number;
  /** Each number above is the mean over those of these that have it. */
  readonly volumes: readonly VolumeDisplacements[];
}

/**
 * Measure by what a network sorts: the specimen or the container (method.md §0.4, localization.md
 * §8.3). All numbers of one volume come from the same seeded draws of k slices, so that they can be
 * compared with each other. Volumes with fewer than k slices are `InvalidInput`.
 */
export function diagnoseSorting(
  volumes: readonly ScoredVolume[],
  { seed, slices: k = 12, draws: count = 300, flipInvariant = false }: DiagnoseSortingOptions,
): SortingDiagnostics {
  if (volumes.length === 0) throw new InvalidInput("Expected a volume to diagnose sorting with");
  const measured = volumes.map((volume) =>
    measure(volume, { k, count, flipInvariant }, createRandom(seed, volume.id)),
  );
  const mean = (pick: (volume: VolumeDisplacements) => number | undefined) => {
    const values = measured.map(pick).filter((v) => v !== undefined);
    return values.length === 0 ? undefined : values.reduce((sum, v) => sum + v) / values.length;
  };
  const known = volumes.filter(({ specimen }) => specimen !== undefined);
  const total = known.reduce((sum, { scores }) => sum + scores.length, 0);
  const filled = known.reduce((sum, { specimen: [lo, hi] = [0, 0] }) => sum + hi - lo, 0);
  return {
    pretext: "sorting",
    slices: k,
    random: randomDisplacement(k),
    all: mean(({ all }) => all)!,
    directionFree: mean(({ directionFree }) => directionFree)!,
    ...present({
      inside: mean(({ inside }) => inside),
      outside: mean(({ outside }) => outside),
      floor: mean(({ floor }) => floor),
      masked: mean(({ masked }) => masked),
      emptyShare: total === 0 ? undefined : 1 - filled / total,
      trivial: byOrdering((name) => mean(({ trivial }) => trivial?.[name])),
    }),
    volumes: measured,
  };
}

function measure(
  { id, scores, masked, specimen, trivial }: ScoredVolume,
  { k, count, flipInvariant }: { k: number; count: number; flipInvariant: boolean },
  random: Random,
): VolumeDisplacements {
  const slices = Array.from({ length: scores.length }, (_, i) => i);
  if (slices.length < k) {
    throw new InvalidInput(`${id}: expected at least ${k} slices, got ${slices.length}`);
  }
  if (masked !== undefined && masked.length !== scores.length) {
    throw new InvalidInput(
      `${id}: expected ${scores.length} scores of masked slices, got ${masked.length}`,
    );
  }
  if (specimen !== undefined && !(0 <= specimen[0] && specimen[1] <= scores.length)) {
    throw new InvalidInput(
      `${id}: expected a specimen within ${scores.length} slices, got [${specimen}]`,
    );
  }
  const rho = spearman(scores, slices);
  const turn = flipInvariant && rho < 0 ? -1 : 1;
  const turned = (values: ArrayLike<number>, by = turn) => Float64Array.from(values, (v) => by * v);
  const draws = drawSlices(slices, { k, count }, random);
  const over = (inside: boolean) => {
    if (specimen === undefined) return undefined;
    const [lo, hi] = specimen;
    const chosen = slices.filter((i) => (i >= lo && i < hi) === inside);
    return drawDisplacement(turned(scores), drawSlices(chosen, { k, count }, random));
  };
  const all = drawDisplacement(turned(scores), draws)!;
  return {
    id,
    spearman: Number.isNaN(rho) ? 0 : rho,
    all,
    directionFree: Math.min(all, drawDisplacement(turned(scores, -turn), draws)!),
    ...present({
      inside: over(true),
      outside: over(false),
      floor:
        specimen && specimen[0] > 0 && specimen[1] < slices.length
          ? drawDisplacement(specimenOnly(slices, specimen, random), draws)
          : undefined,
      masked: masked && drawDisplacement(turned(masked), draws),
      trivial: trivial && byOrdering((name) => drawDisplacement(trivial[name], draws)),
    }),
  };
}

function specimenOnly(slices: readonly number[], [lo, hi]: Interval, random: Random): number[] {
  return slices.map((slice) => (slice >= lo && slice < hi ? slice : random.uniform(lo, hi)));
}

function byOrdering(
  value: (name: TrivialOrdering) => number | undefined,
): Readonly<Record<TrivialOrdering, number>> | undefined {
  const [area, mean, std, p99] = [value("area"), value("mean"), value("std"), value("p99")];
  if (area === undefined || mean === undefined || std === undefined || p99 === undefined) {
    return undefined;
  }
  return { area, mean, std, p99 };
}

/** Without the fields that are `undefined`, which JSON does not know. */
function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as never;
}

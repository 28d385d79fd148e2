import { diagnoseSorting } from "../../domain/pretexts/diagnose-sorting.ts";
import type {
  DiagnoseSortingOptions,
  ScoredVolume,
  SortingDiagnostics,
} from "../../domain/pretexts/diagnose-sorting.ts";
import { maskAnnulus } from "../../domain/pretexts/mask-annulus.ts";
import { turnUp } from "../../domain/pretexts/trivial-orderings.ts";
import type { TrivialScores } from "../../domain/pretexts/trivial-orderings.ts";
import type { Grid } from "../../domain/volumes/shape.ts";
import { maskBox } from "./mask-box.ts";
import type { OpenedScan } from "./open-scans.ts";

/** Scores every slice of a volume. */
export type ScoreSlices = (volume: Grid<Float32Array>) => Promise<Float32Array>;

/** What a sorting network makes of scans, and by what it sorts them. */
export interface MeasuredSorting {
  readonly diagnostics: SortingDiagnostics;
  /** Of scans with a known box: all else emptied, or only it. */
  readonly specimenOnly?: SortingDiagnostics;
  readonly backgroundOnly?: SortingDiagnostics;
  /** One per slice, by scan. */
  readonly scores: ReadonlyMap<string, Float32Array>;
}

/** Score the scans as they are, and with parts of them emptied; see `diagnoseSorting`. */
export async function measureSorting(
  scans: readonly OpenedScan[],
  score: ScoreSlices,
  trivial: (volume: Grid<Float32Array>) => TrivialScores,
  options: DiagnoseSortingOptions,
): Promise<MeasuredSorting> {
  const volumes: (ScoredVolume & { readonly scores: Float32Array })[] = [];
  const inside: ScoredVolume[] = [];
  const outside: ScoredVolume[] = [];
  for (const { scan: id, view, specimen } of scans) {
    const { values } = view;
    volumes.push({
      id,
      scores: await score(values),
      masked: await score(maskAnnulus(values)),
      trivial: options.flipInvariant === true ? turnUp(trivial(values)) : trivial(values),
      ...(specimen === undefined ? {} : { specimen: specimen[0] }),
    });
    if (specimen === undefined) continue;
    inside.push({ id, scores: await score(maskBox(values, specimen, "inside")) });
    outside.push({ id, scores: await score(maskBox(values, specimen, "outside")) });
  }
  return {
    diagnostics: diagnoseSorting(volumes, options),
    ...(inside.length === 0
      ? {}
      : {
          specimenOnly: diagnoseSorting(inside, options),
          backgroundOnly: diagnoseSorting(outside, options),
        }),
    scores: new Map(volumes.map(({ id, scores }) => [id, scores])),
  };
}

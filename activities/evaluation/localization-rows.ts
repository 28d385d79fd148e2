import { summarizeLocalization } from "../../domain/metrics/localization-summary.ts";
import type { LocalizationSummary } from "../../domain/metrics/localization-summary.ts";
import type { EvaluatedLocalization } from "./evaluate-localization.ts";
import type { Decisions, LocatedBy } from "./localization-result.ts";

/** One way to find boxes, in numbers. */
export interface LocalizationRow extends LocalizationSummary {
  readonly name: string;
  readonly group: "learned" | "one seed" | "part" | "learning off" | "label-free" | "with labels";
  /** Mean share of the bytes on disk that cropping with the margin saves; of decisions only. */
  readonly saved?: number;
}

/**
 * Everything that was measured, row by row: each localizer's decisions over all seeds and of each seed,
 * what they are made from, the same with the learning switched off, and the baselines, those without
 * labels first.
 */
export function localizationRows({
  localizers,
  plain,
  baselines,
}: Pick<EvaluatedLocalization, "localizers" | "plain" | "baselines">): LocalizationRow[] {
  const rows: LocalizationRow[] = [];
  for (const { seeds } of localizers) {
    rows.push({ ...rowOf("learned", seeds.map(decidedBy)), saved: savedBy(seeds) });
    if (seeds.length > 1) {
      for (const one of seeds) {
        const row = rowOf("one seed", [one.decided]);
        rows.push({ ...row, name: `… seed ${one.seed}`, saved: savedBy([one]) });
      }
    }
    const names = new Set(seeds.flatMap(({ parts }) => parts.map(({ name }) => name)));
    for (const name of names) {
      // A seed whose training failed has no such part: nothing was found by it.
      const parts = seeds.flatMap((seed) => seed.parts.find((part) => part.name === name) ?? []);
      if (parts.length === seeds.length) rows.push(rowOf("part", parts));
    }
  }
  rows.push({ ...rowOf("learning off", [plain.decided]), saved: savedBy([plain]) });
  const labelFree = baselines.filter(({ usesLabels }) => !usesLabels);
  const supervised = baselines.filter(({ usesLabels }) => usesLabels);
  rows.push(...labelFree.map((one) => rowOf("label-free", [one])));
  rows.push(...supervised.map((one) => rowOf("with labels", [one])));
  return rows;
}

function decidedBy({ decided }: Decisions): LocatedBy {
  return decided;
}

function rowOf(group: LocalizationRow["group"], seeds: readonly LocatedBy[]): LocalizationRow {
  const scores = seeds.map(({ scans }) => scans.map(({ score }) => score));
  return { name: seeds[0]!.name, group, ...summarizeLocalization(scores) };
}

function savedBy(seeds: readonly Decisions[]): number {
  const shares = seeds.flatMap(({ scans }) =>
    scans.map(({ bytes }) => 1 - bytes.kept / bytes.whole),
  );
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

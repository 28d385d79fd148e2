import { formatPercent, formatSeconds } from "../activities/report/format.ts";
import type { RotationSplitResult } from "../activities/evaluation/rotation-result.ts";
import type { SortingSplitResult } from "../activities/evaluation/sorting-result.ts";
import type { ScoreContrast } from "../domain/pretexts/diagnose-rotation.ts";
import type { Displacements } from "../domain/pretexts/diagnose-sorting.ts";
import { TRIVIAL_ORDERINGS } from "../domain/pretexts/trivial-orderings.ts";

/** Why a training was over, where that is not its end. */
export const ENDS = {
  finished: "",
  time: ", stopped before the schedule ended as the time was over",
  plateau: ", stopped at a plateau",
} as const;

/** What a split of `evaluate sorting` found, for people: a table of scans, and what to compare with. */
export function sortingLines(result: SortingSplitResult): string[] {
  const { scans, validated, trained, directions, warnings } = result;
  const columns = (row: Displacements & { specimenOnly?: number; backgroundOnly?: number }) => [
    ...[row.all, row.directionFree, row.inside, row.outside],
    ...[row.specimenOnly, row.backgroundOnly, row.masked, row.floor],
  ];
  const rows = scans.map((scan) => [
    `${scan.held ? "*" : " "} ${scan.id}`,
    String(scan.slices),
    ...columns(scan).map(number),
    number(scan.spearman),
    number(scan.kendall),
    `${scan.direction > 0 ? "+" : "-"}${scan.reversed ? " (turned)" : ""}`,
  ]);
  const { specimenOnly, backgroundOnly } = result;
  const held = { ...validated, ...defined({ specimenOnly, backgroundOnly }) };
  const head = ["  scan", "slices", "displ.", "any way", "inside", "outside"];
  const table = renderTable([
    [...head, "specimen", "backgr.", "masked", "floor", "ρ", "τ", "points"],
    ...rows,
    ["* mean, held out", "", ...columns(held).map(number)],
    ["  mean, trained", "", ...columns(trained).map(number)],
  ]);
  const { trivial } = validated;
  const others = trivial && TRIVIAL_ORDERINGS.map((name) => `${name} ${number(trivial[name])}`);
  return [
    ...courseLines(result),
    ...table,
    `  random ${number(validated.random)}${others === undefined ? "" : ` · trivial orderings, held out: ${others.join(", ")}`}`,
    `  directions: ${directions.right} of ${scans.length} as they are said to be${directions.wrong.length === 0 ? "" : `, not ${directions.wrong.join(", ")}`}`,
    ...warnings.map((warning) => `  ! ${warning}`),
  ];
}

/** The same for `evaluate rotation`. */
export function rotationLines(result: RotationSplitResult): string[] {
  const { scans, validated, trained, chance, leftChance, diagnostics, warnings } = result;
  const told = (row: typeof validated) => [
    number(row.accuracy),
    `${row.angularError.toFixed(1)}°`,
    number(row.loss),
  ];
  return [
    ...courseLines(result),
    ...renderTable([
      ["  scan", "accuracy", "error", "loss"],
      ...scans.map((scan) => [`${scan.held ? "*" : " "} ${scan.id}`, ...told(scan)]),
      ["* mean, held out", ...told(validated)],
      ["  mean, trained", ...told(trained)],
    ]),
    `  chance: accuracy ${number(chance.accuracy)}, loss ${number(chance.loss)} · ${leftChance === undefined ? "never left" : `left by step ${leftChance}`}`,
    ...(diagnostics === undefined
      ? []
      : [
          contrastLine("identical copies, p0", diagnostics.p0),
          ...(diagnostics.tta ? [contrastLine("turned copies, tta", diagnostics.tta)] : []),
        ]),
    ...warnings.map((warning) => `  ! ${warning}`),
  ];
}

function contrastLine(name: string, { specimen, background, auc }: ScoreContrast): string {
  return `  ${name}: ${number(specimen)} in the specimen, ${number(background)} in the background, AUC ${number(auc)}`;
}

/** The mean over splits of what matters, in one line. */
export function summaryLine(
  results: readonly (SortingSplitResult | RotationSplitResult)[],
): string {
  const sorting = results.filter((result) => result.pretext === "sorting");
  const rotation = results.filter((result) => result.pretext === "rotation");
  const of = (values: readonly number[]) =>
    `${number(mean(values))} (${values.map(number).join(", ")})`;
  if (sorting.length > 0) {
    const worst = Math.max(
      ...sorting.flatMap(({ scans }) => scans.filter(({ held }) => held).map(({ all }) => all)),
    );
    return `displacement, held out: ${of(sorting.map(({ validated }) => validated.all))}; worst scan ${number(worst)}; random ${number(sorting[0]!.validated.random)}`;
  }
  return `accuracy, held out: ${of(rotation.map(({ validated }) => validated.accuracy))}; chance ${number(rotation[0]?.chance.accuracy)}`;
}

function courseLines(result: SortingSplitResult | RotationSplitResult): string[] {
  const { training, validation, steps, planned, seconds, stepTime, waiting, end } = result;
  const of = steps === planned ? `${steps}` : `${steps} of ${planned}`;
  return [
    `trained on ${training.length} scans, held out ${validation.join(", ")}`,
    `${of} steps in ${formatSeconds(seconds)}, ${Math.round(stepTime)} ms each, ${formatPercent(waiting)} of it waiting for data${ENDS[end]}`,
  ];
}

/** Left-aligned names, right-aligned numbers; rows may be shorter than the first. */
export function renderTable(rows: readonly (readonly string[])[]): string[] {
  const used = rows[0]!.map((_, i) => rows.slice(1).some((row) => (row[i] ?? "") !== ""));
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .filter((_, i) => used[i])
      .join("  ")
      .trimEnd(),
  );
}

function number(value: number | undefined): string {
  return value === undefined ? "" : value.toFixed(2);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

function defined(values: { specimenOnly: number | undefined; backgroundOnly: number | undefined }) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    specimenOnly?: number;
    backgroundOnly?: number;
  };
}

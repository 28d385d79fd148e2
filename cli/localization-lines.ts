import type { EvaluatedLocalization } from "../activities/evaluation/evaluate-localization.ts";
import { LOCALIZATION_COLUMNS } from "../activities/evaluation/localization-columns.ts";
import type { Decisions, LocalizedSeed } from "../activities/evaluation/localization-result.ts";
import type { LocalizationRow } from "../activities/evaluation/localization-rows.ts";
import { formatPercent, formatSeconds } from "../activities/report/format.ts";
import { renderTable, ENDS } from "./evaluation-lines.ts";

/** What one seed of a localizer found, for people: how it was trained, and every scan. */
export function seedLines(result: LocalizedSeed): string[] {
  const { steps, planned, seconds, end, refined, looking, warnings } = result;
  const of = steps === planned ? `${steps}` : `${steps} of ${planned}`;
  const loss =
    refined === undefined ? "" : ` on ${refined.scans} scans, loss ${refined.loss.toFixed(3)}`;
  return [
    `${of} steps in ${formatSeconds(seconds)}${ENDS[end]}; ${refined === undefined ? "not refined" : `refined in ${refined.steps} steps${loss}`}; looked at in ${formatSeconds(looking)}`,
    ...scanLines(result),
    ...warnings.map((warning) => `  ! ${warning}`),
  ];
}

/** Every scan of a run: what was decided and how good it is; reasons of those that are kept whole. */
export function scanLines({ scans, decided }: Decisions): string[] {
  const rows = scans.map(({ scan, outcome, confidence }) => {
    const score = decided.scans.find((one) => one.scan === scan)?.score;
    return [
      `  ${scan}`,
      outcome,
      confidence.toFixed(2),
      ...(score === undefined
        ? []
        : [
            score.maePx.toFixed(2),
            percent(score.relAxis),
            score.worstFace.toFixed(0),
            percent(score.lost),
            percent(score.lostWithMargin),
            percent(score.keptWithMargin),
            score.iou.toFixed(2),
          ]),
    ];
  });
  const head = ["  scan", "outcome", "conf.", "MAE px", "% axis", "worst", "lost %", "… margin"];
  return [
    ...renderTable([[...head, "kept %", "IoU"], ...rows]),
    ...scans.flatMap(({ scan, outcome, reasons }) =>
      outcome === "kept-whole" ? [`  ${scan} kept whole: ${reasons.join("; ")}`] : [],
    ),
  ];
}

/** The table of all that was measured; means only, intervals are in `table.md`. */
export function rowLines(rows: readonly LocalizationRow[]): string[] {
  const table = renderTable([
    ["method", ...LOCALIZATION_COLUMNS.map(({ head }) => head)],
    ...rows.map((row) => [
      row.group === "with labels" ? `${row.name} *` : row.name,
      ...LOCALIZATION_COLUMNS.map(({ cell }) => cell(row, false)),
    ]),
  ]);
  return [...table, "* made from the known boxes"];
}

/** What matters in one line; for the paper's experiments, what the paper reports. */
export function localizationSummary(
  rows: readonly LocalizationRow[],
  { localizers }: Pick<EvaluatedLocalization, "localizers">,
): string {
  const best = (group: LocalizationRow["group"]) =>
    rows
      .filter((row) => row.group === group)
      .reduce((a, b) => (b.maePx.mean < a.maePx.mean ? b : a));
  const told = ({ name, maePx, relAxis, saved }: LocalizationRow) =>
    `${name} ${maePx.mean.toFixed(2)} px (${formatPercent(relAxis.mean)} of the axis)${saved === undefined ? "" : `, saves ${formatPercent(saved)} of the bytes`}`;
  const learned = rows.filter(({ group }) => group === "learned");
  const paper = localizers.some(({ localizer }) => localizer === "rotation")
    ? rows.filter(({ group, name }) => group === "part" && name.startsWith("whole slices, "))
    : [];
  const threshold = rows.find(({ name }) => name.startsWith("grey threshold"));
  return [
    ...learned.map(told),
    ...paper.map(told),
    ...rows.filter(({ group }) => group === "learning off").map(told),
    `best without labels: ${told(best("label-free"))}`,
    ...(threshold === undefined ? [] : [`best grey threshold: ${told(threshold)}`]),
  ].join("; ");
}

function percent(share: number | undefined): string {
  return share === undefined ? "" : (100 * share).toFixed(2);
}

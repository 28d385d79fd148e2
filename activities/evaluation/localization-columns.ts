import type { Estimate } from "../../domain/metrics/localization-summary.ts";
import type { LocalizationRow } from "./localization-rows.ts";

/** A column of the table: its head, and a row's cell, with the interval where `full`. */
export interface LocalizationColumn {
  readonly head: string;
  readonly cell: (row: LocalizationRow, full: boolean) => string;
}

const NOTHING = "–";

/** The columns of every table about localization, for terminal, Markdown and page. */
export const LOCALIZATION_COLUMNS: readonly LocalizationColumn[] = [
  estimate("MAE px", (row) => row.maePx),
  estimate("% axis", (row) => row.relAxis, 100),
  estimate("% side", (row) => row.relSide, 100),
  estimate("worst face px", (row) => row.worstFace),
  estimate("lost %", (row) => row.lost, 100),
  estimate("… with margin", (row) => row.lostWithMargin, 100),
  { head: "lossy", cell: (row) => share(row.lossy, row.runs) },
  estimate("kept %", (row) => row.kept, 100),
  estimate("… with margin", (row) => row.keptWithMargin, 100),
  estimate("IoU", (row) => row.iou),
  { head: "covered", cell: (row) => share(row.covered, row.runs) },
  { head: "whole", cell: (row) => share(row.abstained, row.runs) },
  {
    head: "saved %",
    cell: ({ saved }) => (saved === undefined ? NOTHING : (100 * saved).toFixed(0)),
  },
];

function estimate(
  head: string,
  of: (row: LocalizationRow) => Estimate | undefined,
  scale = 1,
): LocalizationColumn {
  return {
    head,
    cell(row, full) {
      const value = of(row);
      if (value === undefined) return NOTHING;
      const [mean, low, high] = [value.mean, value.low, value.high].map((v) => digits(v * scale));
      return full ? `${mean} (${low}–${high})` : mean!;
    },
  };
}

/** Two digits after the point below 10: a tenth of a percent of a specimen is a lot. */
function digits(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

function share(count: number | undefined, runs: number): string {
  return count === undefined ? NOTHING : `${count} of ${runs}`;
}

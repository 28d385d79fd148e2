import { LOCALIZATION_COLUMNS } from "./localization-columns.ts";
import type { LocalizationRow } from "./localization-rows.ts";

/** The table of an evaluation as Markdown: means, and the intervals of errors and losses. */
export function localizationMarkdown(rows: readonly LocalizationRow[]): string {
  const head = ["method", "uses boxes", ...LOCALIZATION_COLUMNS.map((column) => column.head)];
  const lines = [
    head,
    head.map(() => "---"),
    ...rows.map((row) => [
      strong(row) ? `**${row.name}**` : row.name,
      row.group === "with labels" ? "yes" : "",
      ...LOCALIZATION_COLUMNS.map(({ cell }) => cell(row, true)),
    ]),
  ];
  return `${lines.map((line) => `| ${line.join(" | ")} |`).join("\n")}\n`;
}

/** What the table is about, among what it is compared with. */
export function strong({ group }: LocalizationRow): boolean {
  return group === "learned" || group === "learning off";
}

import type { Row } from "./measure.ts";

const HEAD = [
  "work",
  "ours",
  "peer",
  "unit",
  "ratio",
  "goal",
  "against",
  "peak MB, ours",
  "peer's",
];

function cells(row: Row): readonly string[] {
  return [
    row.work,
    number(row.ours),
    number(row.peer),
    row.unit,
    row.ratio.toFixed(2),
    row.goal === null ? "–" : `≥ ${row.goal}${row.ratio >= row.goal ? "" : " (missed)"}`,
    row.against,
    row.oursPeakMb === null ? "–" : row.oursPeakMb.toFixed(0),
    row.peerPeakMb === null ? "–" : row.peerPeakMb.toFixed(0),
  ];
}

function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Rows as a Markdown table. */
export function markdownTable(rows: readonly Row[]): string {
  const line = (values: readonly string[]) => `| ${values.join(" | ")} |`;
  return [HEAD, HEAD.map(() => "---"), ...rows.map(cells)].map(line).join("\n");
}

/** Rows as columns of text. */
export function textTable(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

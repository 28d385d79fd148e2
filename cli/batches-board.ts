import type { BatchSummary } from "./list-batches.ts";

/** All batches as a table: name, outcome, how many scans ended how. */
export function renderBatches(batches: readonly BatchSummary[]): string[] {
  if (batches.length === 0) return ["No batches yet; `microtome submit` starts one"];
  const rows = batches.map(({ batch, outcome, scans, outcomes }) => [
    batch,
    outcome,
    `${scans}`,
    Object.entries(outcomes)
      .map(([word, count]) => `${count} ${word.replace("-", " ")}`)
      .join(", "),
  ]);
  const table = [["batch", "outcome", "scans", ""], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

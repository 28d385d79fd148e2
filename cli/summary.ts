import { formatBytes, formatPercent } from "../activities/report/format.ts";
import type { BatchStatus, ScanStatus } from "../schemas/result.ts";

const WORDS = ["cropped", "kept-whole", "failed", "cancelled"] as const;

/** `partial · 9 of 12 settled · 7 cropped, 2 failed, 3 waiting`. */
export function summarize({ outcome, scans }: BatchStatus): string {
  const settled = scans.filter(({ state }) => state === "settled").length;
  const counts = countOutcomes(scans);
  return [
    outcome,
    `${settled} of ${scans.length} settled`,
    ...(counts === "" ? [] : [counts]),
  ].join(" · ");
}

/** How many scans are where: outcomes of the settled, states of the others. */
export function countOutcomes(scans: readonly ScanStatus[]): string {
  const counts = new Map<string, number>();
  for (const { outcome, state } of scans) {
    const word = outcome ?? state;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const rest = [...counts.keys()].filter((word) => !(WORDS as readonly string[]).includes(word));
  return [...WORDS, ...rest]
    .filter((word) => counts.has(word))
    .map((word) => `${counts.get(word)} ${word.replace("-", " ")}`)
    .join(", ");
}

/** What a finished batch came to, as lines: what was kept, what failed and how to go on. */
export function finalLines(status: BatchStatus, report: string): string[] {
  const { batch, scans } = status;
  const kept = scans.flatMap(({ keptFraction }) => keptFraction ?? []);
  const mean = kept.reduce((sum, fraction) => sum + fraction, 0) / kept.length;
  const crops = scans.filter(({ cropBytes }) => cropBytes !== undefined);
  const before = crops.reduce((sum, { volumeBytes = 0 }) => sum + volumeBytes, 0);
  const after = crops.reduce((sum, { cropBytes = 0 }) => sum + cropBytes, 0);
  const again = scans.some(({ outcome }) => outcome === "failed" || outcome === "cancelled");
  return [
    `${batch}: ${summarize(status)}`,
    ...(kept.length === 0 ? [] : [`  kept on average ${formatPercent(mean)} of a scan`]),
    ...(before === 0
      ? []
      : [`  full resolution on disk: ${formatBytes(before)} whole, ${formatBytes(after)} cropped`]),
    ...(again ? [`  run only what did not succeed again: microtome retry ${batch}`] : []),
    `  report: ${report}  (microtome report ${batch} writes it to a file)`,
  ];
}

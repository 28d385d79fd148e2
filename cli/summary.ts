import { formatBytes, formatCount, formatPercent } from "../activities/report/format.ts";
import {
  describeRetained,
  savedShare,
  scanStorage,
  type Storage,
  totalStorage,
} from "../activities/report/storage.ts";
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
  const storage = totalStorage(scans.map(scanStorage));
  const again = scans.some(({ outcome }) => outcome === "failed" || outcome === "cancelled");
  return [
    `${batch}: ${summarize(status)}`,
    ...(kept.length === 0 ? [] : [`  kept on average ${formatPercent(mean)} of a scan`]),
    ...storageLines(storage),
    ...shellLines(scans),
    ...(again ? [`  run only what did not succeed again: microtome retry ${batch}`] : []),
    `  report: ${report}  (microtome report ${batch} writes it to a file)`,
  ];
}

/** What cropping saves, three ways: a line each. */
export function storageLines(storage: Storage | undefined): string[] {
  const { voxels, bytes, allBytes, objects } = storage ?? {};
  return [
    voxels &&
      `  voxels: ${formatPercent(savedShare(voxels))} saved (${formatCount(voxels.before)} whole, ${formatCount(voxels.after)} cropped)`,
    bytes &&
      `  on disk: ${formatPercent(savedShare(bytes))} saved (full resolution ${formatBytes(bytes.before)} whole, ${formatBytes(bytes.after)} cropped${allBytes === undefined ? "" : `; all levels ${formatBytes(allBytes.before)}, ${formatBytes(allBytes.after)}`})`,
    objects &&
      `  objects: ${formatPercent(savedShare(objects))} saved (${formatCount(objects.before)} whole, ${formatCount(objects.after)} cropped)`,
  ].filter((line) => line !== undefined);
}

/** Where the whole volumes are, where the batch asked for something to be done with them. */
function shellLines(scans: readonly ScanStatus[]): string[] {
  const counts = new Map<string, number>();
  for (const { retained } of scans) {
    if (retained === undefined) continue;
    const words = describeRetained(retained);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, count]) => `  whole volumes: ${count} ${words}`);
}

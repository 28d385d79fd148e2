import type { BatchStatus } from "../schemas/result.ts";
import { describeScan } from "./board.ts";

/** What is new in a batch since it was last looked at, one plain line each: a log, not a board. */
export function describeChanges(before: BatchStatus | undefined, now: BatchStatus): string[] {
  const earlier = new Map(before?.scans.map((scan) => [scan.scan, scan]));
  const lines: string[] = [];
  if (now.note !== undefined && now.note !== before?.note) lines.push(`${now.batch}: ${now.note}`);
  if ((now.paused ?? false) !== (before?.paused ?? false)) {
    lines.push(`${now.batch}: ${now.paused === true ? "paused" : "resumed"}`);
  }
  for (const scan of now.scans) {
    const was = earlier.get(scan.scan);
    if (was?.state === scan.state && was.outcome === scan.outcome) continue;
    if (was === undefined && scan.state === "waiting") continue;
    lines.push(`${scan.scan}: ${describeScan(scan)}`);
  }
  return lines;
}

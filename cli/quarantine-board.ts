import type { QuarantinedVolume } from "../activities/retention/list-quarantine.ts";
import { formatBytes } from "../activities/report/format.ts";

const day = (iso: string) => iso.slice(0, 10);

/** What lies in quarantine, a line per volume. */
export function describeQuarantine(volumes: readonly QuarantinedVolume[], now: Date): string[] {
  if (volumes.length === 0) return ["Nothing is in quarantine"];
  return volumes.map(({ record, objects, bytes, scans, needed }) => {
    const over = record.until <= now.toISOString() ? ", days over" : "";
    const state =
      record.state === "quarantined" ? `until ${day(record.until)}${over}` : record.state;
    const note = needed === undefined ? "" : `  (${needed})`;
    return `${scans.join(", ")}  ${state}  ${objects} objects, ${formatBytes(bytes)}${note}`;
  });
}

/**
 * Which volumes a purge deletes: those whose days are over, or those of a batch; never one that is
 * still needed. A purge that was begun is always finished.
 */
export function choosePurged(
  volumes: readonly QuarantinedVolume[],
  { batch, now }: { readonly batch?: string | undefined; readonly now: Date },
): { readonly going: QuarantinedVolume[]; readonly staying: QuarantinedVolume[] } {
  const wanted = volumes.filter(({ record, scans }) => {
    if (record.state === "purging") return true;
    return batch === undefined
      ? record.until <= now.toISOString()
      : record.batch === batch || scans.some((scan) => scan.startsWith(`${batch}/`));
  });
  return {
    going: wanted.filter(({ needed }) => needed === undefined),
    staying: wanted.filter(({ needed }) => needed !== undefined),
  };
}

/** What a purge would delete and whose shell that is, and what it leaves alone and why. */
export function describePurge(
  going: readonly QuarantinedVolume[],
  staying: readonly QuarantinedVolume[],
): string[] {
  const objects = going.reduce((sum, volume) => sum + volume.objects, 0);
  const bytes = going.reduce((sum, volume) => sum + volume.bytes, 0);
  return [
    going.length === 0
      ? "Nothing in quarantine is to be deleted"
      : `To be deleted for good: ${objects} objects, ${formatBytes(bytes)}`,
    ...going.map(
      (volume) =>
        `  ${volume.scans.join(", ")}: everything outside the crop; ${volume.objects} objects, ${formatBytes(volume.bytes)}, in quarantine since ${day(volume.record.since)}, until ${day(volume.record.until)}`,
    ),
    ...staying.map(({ scans, needed }) => `  ${scans.join(", ")} stays: ${needed ?? ""}`),
  ];
}

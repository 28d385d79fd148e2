import { statfs } from "node:fs/promises";
import type { Settings } from "../activities/settings.ts";
import { formatBytes } from "../activities/report/format.ts";
import { Capacity } from "../domain/errors.ts";
import type { ResolvedBatch } from "../schemas/batch.ts";
import { sourceBytes } from "./source-files.ts";

/** Stored bytes per byte of source: level 0, the pyramid above it, the crop. Compressed sources take more. */
const STORED_PER_SOURCE = 1.6;
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Refuse (`Capacity`) a batch that will not fit on the disk of a local store. A store elsewhere is
 * not asked: S3 has no word for free space.
 */
export async function checkSpace(spec: ResolvedBatch, settings: Settings): Promise<void> {
  const { stack, store } = settings;
  if (stack === undefined || !LOOPBACK.has(new URL(store.endpoint).hostname)) return;
  let source = 0;
  for (const scan of spec.scans) source += await sourceBytes(scan.source, "/");
  const { bavail, bsize } = await statfs(stack);
  const [needed, free] = [source * STORED_PER_SOURCE, bavail * bsize];
  if (needed <= free) return;
  throw new Capacity(
    `${spec.batch}: about ${formatBytes(needed)} would be stored (sources: ${formatBytes(source)}), but ${stack} has ${formatBytes(free)} free; free some space, or submit fewer scans`,
  );
}

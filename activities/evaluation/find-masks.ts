import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { InvalidInput, NotFound } from "../../domain/errors.ts";
import { scanIdOf } from "../sources/scan-id.ts";

/** Where a specimen's mask is, and what changes when it does. */
export interface FoundMask {
  readonly path: string;
  /** Bytes and time of the last change. */
  readonly version: string;
}

/** What lies beside scan `A`: its mask, the truth of a phantom, label volumes. The first is the best. */
const BESIDE = (scan: string) => [`${scan}.mask`, `${scan}.specimen`, `${scan}.labels`];

/**
 * Masks of specimens, for scoring only, by scan: `NAME.mask.*` beside the scan, the specimen or the
 * labels of a phantom, or in a folder of their own, `NAME.*` or `NAME.mask.*`. Voxels that are not 0
 * are specimen. Scans without one are absent.
 *
 * Throws `NotFound` for no such folder, `InvalidInput` where the folder of masks has none of a scan.
 */
export async function findMasks(
  data: string,
  scans: readonly string[],
  masks?: string,
): Promise<Readonly<Record<string, FoundMask>>> {
  const folders = masks === undefined ? [join(data, "truth"), data] : [masks];
  const entries = new Map<string, string>();
  for (const folder of folders) {
    const names = await readdir(folder).catch((cause: unknown) => {
      if (masks === undefined) return []; // no phantoms
      throw new NotFound(`Cannot read the folder of masks ${masks}: ${String(cause)}`, { cause });
    });
    for (const name of names) {
      const id = idOf(name);
      if (id !== undefined && !entries.has(id)) entries.set(id, join(folder, name));
    }
  }
  const found: Record<string, FoundMask> = {};
  for (const scan of scans) {
    const names = [...BESIDE(scan), ...(masks === undefined ? [] : [scan])];
    const path = names.map((name) => entries.get(name)).find((entry) => entry !== undefined);
    if (path === undefined) continue;
    const { size, mtimeMs } = await stat(path);
    found[scan] = { path, version: `${size} ${mtimeMs}` };
  }
  if (masks !== undefined && Object.keys(found).length === 0) {
    throw new InvalidInput(
      `${masks}: expected masks of ${scans.join(", ")}, named as they are; there is none`,
    );
  }
  return found;
}

/** The id that a name would have as a scan's; undefined for what can have none. */
function idOf(name: string): string | undefined {
  try {
    return scanIdOf(name);
  } catch (error) {
    if (error instanceof InvalidInput) return undefined;
    throw error;
  }
}

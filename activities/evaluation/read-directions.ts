import { readFile } from "node:fs/promises";
import { CorruptData, NotFound } from "../../domain/errors.ts";

/**
 * Read which way scans point: `{"directions": {scan: 1 | -1}}` as `evaluate sorting` writes it, or
 * the object in it alone. Scans of -1 are to be turned over.
 *
 * Throws `NotFound` and `CorruptData`.
 */
export async function readDirections(path: string): Promise<ReadonlyMap<string, 1 | -1>> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new NotFound(`Cannot read the directions ${path}: ${String(cause)}`, { cause });
  });
  const refuse = (got: string) =>
    new CorruptData(`${path}: expected {"directions": {scan: 1 or -1, …}}, got ${got}`);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new CorruptData(`${path}: expected JSON: ${String(cause)}`, { cause });
  }
  const inner = (document as { directions?: unknown } | null)?.directions ?? document;
  if (typeof inner !== "object" || inner === null || Array.isArray(inner)) {
    throw refuse(JSON.stringify(inner));
  }
  const entries = Object.entries(inner as Record<string, unknown>).map(([scan, direction]) => {
    if (direction !== 1 && direction !== -1) {
      throw refuse(`${JSON.stringify(direction)} for ${scan}`);
    }
    return [scan, direction] as const;
  });
  return new Map(entries);
}

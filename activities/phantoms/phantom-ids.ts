import { InvalidInput } from "../../domain/errors.ts";

const SCAN_ID = /^(?!\.)[A-Za-z0-9._-]{1,100}$/;
/** Phantoms in one call. */
const MOST = 9999;

/**
 * The ids of so many phantoms: those given, or `P01`, `P02`, … Throws `InvalidInput` for ids that
 * are no scan ids, too few or many, equal, or that would take another one's folder.
 */
export function phantomIds(count: number, given?: readonly string[]): readonly string[] {
  if (!Number.isInteger(count) || count < 1 || count > MOST) {
    throw new InvalidInput(`count must be a whole number from 1 to ${MOST}, got ${count}`);
  }
  if (given === undefined) {
    return Array.from({ length: count }, (_, i) => `P${String(i + 1).padStart(2, "0")}`);
  }
  if (given.length !== count) {
    throw new InvalidInput(`expected ${count} ids, got ${given.length}`);
  }
  const folders = new Set(["truth", "truth.json"]);
  for (const id of given) {
    if (!SCAN_ID.test(id)) {
      throw new InvalidInput(`id must match ${SCAN_ID.source}, got ${JSON.stringify(id)}`);
    }
    for (const folder of [id, `${id}.labels`, `${id}.partial`, `${id}.labels.partial`]) {
      if (folders.has(folder)) {
        throw new InvalidInput(
          `id ${JSON.stringify(id)} needs the folder ${folder}, which is taken`,
        );
      }
      folders.add(folder);
    }
  }
  return given;
}

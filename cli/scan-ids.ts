import { scanIdOf } from "../activities/sources/scan-id.ts";
import { InvalidInput } from "../domain/errors.ts";

/** The id and the absolute source of a scan. */
interface NamedScan {
  readonly id?: string | undefined;
  readonly source: string;
}

/**
 * The id of every scan, given or from its source, and every problem with them: a source that gives
 * none, two that are equal. Three thousand scans of one name are one problem.
 */
export function scanIds(scans: readonly NamedScan[]): {
  readonly ids: readonly string[];
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const firstAt = new Map<string, number>();
  const told = new Set<string>();
  const ids = scans.map((scan, index) => {
    const id =
      scan.id ??
      idFrom(scan.source, (message) => problems.push(`/scans/${index}/source: ${message}`));
    const earlier = firstAt.get(id);
    if (earlier === undefined) firstAt.set(id, index);
    else if (id !== "" && !told.has(id)) {
      told.add(id);
      problems.push(
        `/scans/${index}: its id "${id}" is that of /scans/${earlier} too; give one of them another id`,
      );
    }
    return id;
  });
  return { ids, problems };
}

function idFrom(source: string, complain: (message: string) => void): string {
  try {
    return scanIdOf(source);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    complain(error.message);
    return "";
  }
}

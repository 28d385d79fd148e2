import { describeSchema } from "../activities/describe-schema.ts";
import { scanIdOf } from "../activities/sources/scan-id.ts";
import type { ScanSpec } from "../schemas/batch.ts";
import { identifier } from "../schemas/shape.ts";

const VALID = new RegExp(identifier.pattern);

/**
 * The id of every scan, given or from its source, and every problem with them: an id that a source
 * does not give, two that are equal. A batch with 3000 scans of one name says so once.
 */
export function scanIds(scans: readonly ScanSpec[]): {
  readonly ids: readonly string[];
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const firstAt = new Map<string, number>();
  const told = new Set<string>();
  const ids = scans.map(({ id, source }, index) => {
    const found = id ?? scanIdOf(source);
    if (!VALID.test(found)) {
      problems.push(
        `/scans/${index}/source: got ${JSON.stringify(source)}, whose name "${found}" is no scan id (${describeSchema(identifier)}); give the scan an id`,
      );
      return found;
    }
    const earlier = firstAt.get(found);
    if (earlier === undefined) firstAt.set(found, index);
    else if (!told.has(found)) {
      told.add(found);
      problems.push(
        `/scans/${index}: its id "${found}" is that of /scans/${earlier} too; give one of them another id`,
      );
    }
    return found;
  });
  return { ids, problems };
}

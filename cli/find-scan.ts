import { InvalidInput } from "../domain/errors.ts";
import type { ScanStatus } from "../schemas/result.ts";
import type { Session } from "./connect.ts";
import { readStatus } from "./read-status.ts";

/** One scan of a batch as it stands; exit code 2 when there is no such batch or scan. */
export async function findScan(session: Session, batch: string, scan: string): Promise<ScanStatus> {
  const { status } = await readStatus(session, batch);
  const found = status.scans.find((candidate) => candidate.scan === scan);
  if (found === undefined) throw new InvalidInput(`Batch ${batch} has no scan "${scan}"`);
  return found;
}

import { keys } from "../../schemas/names.ts";
import type { QuarantineRecord } from "../../schemas/retention.ts";
import type { ObjectStore } from "../deps.ts";
import { storedBytes } from "../volumes/stored-bytes.ts";
import { cropProblem } from "./crop-problem.ts";
import { readQuarantine } from "./quarantine-record.ts";
import { volumeUsers, type VolumeUser } from "./volume-users.ts";

/** A volume in quarantine, or on its way in or out. */
export interface QuarantinedVolume {
  readonly record: QuarantineRecord;
  /** What lies there now. */
  readonly objects: number;
  readonly bytes: number;
  /** The scans, as BATCH/SCAN, whose crops would lose their shell with it. */
  readonly scans: readonly string[];
  /** Their crops. */
  readonly crops: readonly string[];
  /** Why it must not be purged, in words; undefined when nothing speaks against it. */
  readonly needed?: string;
}

const RECORD = /^quarantine\/([0-9a-f]{64})\/record\.json$/;

/** Every volume that has something in quarantine, oldest date first. Of purged ones nothing is left. */
export async function listQuarantine(store: ObjectStore): Promise<readonly QuarantinedVolume[]> {
  const users = await volumeUsers(store);
  const found: QuarantinedVolume[] = [];
  for await (const { key } of store.list("quarantine/")) {
    const digest = RECORD.exec(key)?.[1];
    const record = digest === undefined ? undefined : await readQuarantine(store, digest);
    if (record === undefined || record.state === "purged") continue;
    const own = users.get(record.volume) ?? [];
    const needed = await reasonToStay(store, record, own);
    const { objects, bytes } = await storedBytes(
      store,
      `${keys.quarantinedVolume(record.volume)}/`,
    );
    const scans = own.filter(({ asLabels }) => !asLabels).map(({ batch, scan }) => `${batch}/${scan}`); // prettier-ignore
    found.push({
      ...{ record, objects, bytes },
      crops: [...new Set(own.flatMap(({ status }) => status.crop ?? []))],
      scans: scans.length > 0 ? scans : [`${record.batch}/${record.scan}`],
      ...(needed === undefined ? {} : { needed }),
    });
  }
  return found.sort((a, b) => (a.record.until < b.record.until ? -1 : 1));
}

/** A shell may go only where a crop stands in for it. */
async function reasonToStay(
  store: ObjectStore,
  { state }: QuarantineRecord,
  users: readonly VolumeUser[],
): Promise<string | undefined> {
  if (state === "copying") return "It is still being moved";
  if (state === "restored") return "It is being moved back";
  for (const { batch, scan, status, asLabels } of users) {
    if (asLabels) return `It holds the labels of ${batch}/${scan}`;
    if (status.outcome === "kept-whole") return `It is all there is of ${batch}/${scan}`;
    if (status.outcome !== "cropped") continue;
    const problem = await cropProblem(store, status);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

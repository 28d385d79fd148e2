import type { ResolvedBatch } from "../../schemas/batch.ts";
import { batchStatus, type BatchStatus, type ScanStatus } from "../../schemas/result.ts";
import type { Retention } from "../../schemas/retention.ts";
import type { ObjectStore } from "../deps.ts";
import { findDocument } from "../stage/documents.ts";
import { asStored } from "../stage/manifests.ts";
import { compile } from "../validate.ts";

const parse = compile<BatchStatus>(batchStatus);
const RESULT = /^batches\/([^/]+)\/result\.json$/;

/** A scan that was made from a volume, as far as stored results tell. */
export interface VolumeUser {
  readonly batch: string;
  readonly scan: string;
  readonly status: ScanStatus;
  /** The volume is the scan's labels, not the scan. */
  readonly asLabels: boolean;
  readonly policy: Retention["policy"];
}

/** The users of every volume, by digest, out of the stored results of all batches. */
export async function volumeUsers(
  store: ObjectStore,
): Promise<ReadonlyMap<string, readonly VolumeUser[]>> {
  const users = new Map<string, VolumeUser[]>();
  const add = (digest: string | undefined, user: VolumeUser) => {
    if (digest !== undefined) users.set(digest, [...(users.get(digest) ?? []), user]);
  };
  for await (const { key } of store.list("batches/")) {
    if (!RESULT.test(key)) continue;
    const found = await findDocument<unknown>(store, key);
    if (found === undefined) continue;
    const { batch, spec, scans } = asStored(parse, found, key);
    const given = spec === undefined ? undefined : await findDocument<ResolvedBatch>(store, spec);
    const policy = given?.retention?.policy ?? "keep";
    for (const status of scans) {
      const { scan, volume, prepared } = status;
      add(volume, { batch, scan, status, asLabels: false, policy });
      add(prepared?.labels?.digest, { batch, scan, status, asLabels: true, policy });
    }
  }
  return users;
}

/** Why a volume must stay where it is, as a sentence; undefined when nobody needs it. */
export function reasonToKeep(users: readonly VolumeUser[]): string | undefined {
  for (const { batch, scan, status, asLabels, policy } of users) {
    const who = `${scan} of batch ${batch}`;
    if (asLabels) return `It holds the labels of ${who}`;
    if (status.outcome === "kept-whole")
      return `It is all there is of ${who}, which was kept whole`;
    if (status.state !== "settled") return `${who} still works with it`;
    if (status.outcome === "cropped" && policy === "keep") return `The batch of ${who} keeps it`;
  }
  return undefined;
}

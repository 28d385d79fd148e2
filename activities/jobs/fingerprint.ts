import type { JobContext } from "../engine/job.ts";
import { fingerprintSource } from "../sources/fingerprint.ts";
import { openSource } from "../sources/open-source.ts";
import { resolveVoxelSize } from "../sources/voxel-size/voxel-size-resolve.ts";
import type { SourceSpec } from "../sources/source.ts";

/** What a scan is, by its bytes. */
export interface Fingerprint {
  /** sha256 over the contents of the files, in reading order, without their names. */
  readonly digest: string;
  readonly format: string;
}

/** Read every byte of a scan once, to name it. Fails where the headers already make no sense. */
export async function fingerprint(
  { source: spec }: { readonly source: SourceSpec },
  { signal, progress }: JobContext,
): Promise<Fingerprint> {
  const source = await openSource(spec, "/");
  // What contradicts is said before 50 GB are read.
  resolveVoxelSize(spec, source);
  const digest = await fingerprintSource(
    source,
    spec,
    (fraction) => progress({ fraction, note: "reading for the digest" }),
    signal,
  );
  return { digest, format: source.format };
}

import { scanInput, type ScanInput, type StageResult } from "../schemas/stages.ts";
import type { VolumeRef } from "../schemas/volume.ts";
import type { Fingerprint } from "./jobs/fingerprint.ts";
import { readScan } from "./stage/documents.ts";
import { runJob, runStage, type StageDeps } from "./stage/run-stage.ts";
import { ingestParts } from "./stage-parts.ts";
import { scanSource } from "./sources/scan-source.ts";
import { compile } from "./validate.ts";

const parse = compile<ScanInput>(scanInput);

/** Bring a scan (or its labels) into the store as level 0 of a volume, whatever it is stored as. */
export function createIngest(deps: StageDeps) {
  return async function ingest(input: ScanInput): Promise<StageResult<VolumeRef>> {
    const { spec, scan: id, labels = false } = parse(input);
    const { scan } = await readScan(deps.store, spec, id);
    const source = scanSource(scan, labels);
    const subject = labels ? `${id} (labels)` : id;

    // The key depends on the bytes, not on where they lie.
    const fingerprint = await runJob<Fingerprint>(deps, {
      stage: "ingest",
      subject,
      job: "fingerprint",
      input: { source },
    });
    return runStage<VolumeRef>(deps, {
      subject,
      parts: ingestParts(source, fingerprint, labels),
      job: "ingest",
      input: (key) => ({
        key,
        source,
        mode: labels ? "mode" : "mean",
        name: id,
        metadata: scan.metadata ?? {},
      }),
    });
  };
}

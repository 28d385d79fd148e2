import { InvalidInput } from "../domain/errors.ts";
import type { ResolvedScan } from "../schemas/batch.ts";
import { scanInput, type ScanInput, type StageResult } from "../schemas/stages.ts";
import type { VolumeRef } from "../schemas/volume.ts";
import type { Fingerprint } from "./jobs/fingerprint.ts";
import type { SourceSpec } from "./sources/source.ts";
import { readScan } from "./stage/documents.ts";
import { runJob, runStage, type StageDeps } from "./stage/run-stage.ts";
import { compile } from "./validate.ts";

const parse = compile<ScanInput>(scanInput);
const VERSION = 4;

/** Bring a scan (or its labels) into the store as level 0 of a volume, whatever it is stored as. */
export function createIngest(deps: StageDeps) {
  return async function ingest(input: ScanInput): Promise<StageResult<VolumeRef>> {
    const { spec, scan: id, labels = false } = parse(input);
    const { scan } = await readScan(deps.store, spec, id);
    const source: SourceSpec = labels ? labelSource(scan) : { ...scan, scan: id };
    const subject = labels ? `${id} (labels)` : id;

    // The key depends on the bytes, so that a repaired file is another input and a moved one is not.
    const fingerprint = await runJob<Fingerprint>(deps, {
      stage: "ingest",
      subject,
      job: "fingerprint",
      input: { source },
    });
    return runStage<VolumeRef>(deps, {
      subject,
      parts: {
        stage: "ingest",
        version: VERSION,
        parameters: {
          format: fingerprint.format,
          voxelSizeUm: source.voxelSizeUm ?? null,
          ...(source.voxelSizeOverrides === true ? { voxelSizeOverrides: true } : {}),
          dataset: source.dataset ?? null,
          raw: source.raw ?? null,
          // The levels beside it are made in another way, so that the same file is two volumes.
          ...(labels ? { labels: true } : {}),
        },
        inputs: { source: fingerprint.digest },
      },
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

/** Labels lie on the scan's voxels, whose size the user may have said. */
function labelSource(scan: ResolvedScan): SourceSpec {
  const { id, labels, labelsDataset: dataset, voxelSizeUm, voxelSizeOverrides } = scan;
  if (labels === undefined) throw new InvalidInput(`${id} has no labels to ingest`);
  return { scan: `${id} (labels)`, source: labels, dataset, voxelSizeUm, voxelSizeOverrides };
}

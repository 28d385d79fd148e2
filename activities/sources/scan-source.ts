import { InvalidInput } from "../../domain/errors.ts";
import type { ResolvedScan } from "../../schemas/batch.ts";
import type { SourceSpec } from "./source.ts";

/** Where a scan of a batch, or its labels, is read from, and how. */
export function scanSource(scan: ResolvedScan, labels: boolean): SourceSpec {
  return labels ? labelSource(scan) : { ...scan, scan: scan.id };
}

/** Labels lie on the scan's voxels, whose size the user may have said. */
function labelSource(scan: ResolvedScan): SourceSpec {
  const { id, labels, labelsDataset: dataset, voxelSizeUm, voxelSizeOverrides } = scan;
  if (labels === undefined) throw new InvalidInput(`${id} has no labels to ingest`);
  return { scan: `${id} (labels)`, source: labels, dataset, voxelSizeUm, voxelSizeOverrides };
}

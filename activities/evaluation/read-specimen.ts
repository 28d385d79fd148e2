import { CorruptData } from "../../domain/errors.ts";
import { createRunCollector } from "../../domain/metrics/specimen-runs.ts";
import type { SpecimenRuns } from "../../domain/metrics/specimen-runs.ts";
import type { Zyx } from "../../domain/volumes/shape.ts";
import { openSource } from "../sources/open-source.ts";

/**
 * The specimen of a scan out of a mask or labels of the scan's shape; streamed. Throws `CorruptData`
 * for another shape, and for a mask without a specimen.
 */
export async function readSpecimen(
  scan: string,
  path: string,
  shape: Zyx,
  signal: AbortSignal,
): Promise<SpecimenRuns> {
  const source = await openSource({ scan: `${scan}, its mask`, source: path }, process.cwd());
  if (source.shape.join() !== shape.join()) {
    throw new CorruptData(
      `${path}: expected a mask of ${shape.join(" × ")} voxels as ${scan} has, got ${source.shape.join(" × ")}`,
    );
  }
  const collector = createRunCollector(shape);
  for await (const plane of source.planes(signal)) collector.add(plane);
  const specimen = collector.finish();
  if (specimen.voxels > 0) return specimen;
  throw new CorruptData(`${path}: expected voxels above 0 where the specimen is, got none`);
}

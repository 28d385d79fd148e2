import type { LabelImage } from "../activities/volumes/write-labels.ts";
import { InvalidInput } from "../domain/errors.ts";
import { growBox } from "../domain/volumes/box.ts";
import type { Zyx } from "../domain/volumes/shape.ts";
import { keys } from "../schemas/names.ts";
import type { ScanStatus } from "../schemas/result.ts";

export const EXPORT_STAGES = ["volume", "crop", "labels"] as const;
export type ExportStage = (typeof EXPORT_STAGES)[number];

/** What lies where in the store, and where its first voxel lies among the source's. */
export interface ExportSource {
  readonly prefix: string;
  readonly start: Zyx;
}

/**
 * Where a stage's voxels of a scan are. Labels are those of a segmentation where one was applied,
 * else those that the batch brought. `InvalidInput` saying why where there are none.
 */
export function exportSource(scan: ScanStatus, stage: ExportStage): ExportSource {
  switch (stage) {
    case "volume":
      if (scan.volume === undefined) throw nothing(scan, "no volume");
      return { prefix: keys.volume(scan.volume), start: [0, 0, 0] };
    case "crop":
      if (scan.crop === undefined) throw nothing(scan, "no crop");
      return { prefix: keys.crop(scan.crop), start: cropStart(scan) };
    case "labels": {
      if (scan.labels !== undefined) {
        return { prefix: labelsKey(scan.labels), start: cropStart(scan) };
      }
      const given = scan.prepared?.labels?.digest;
      if (given === undefined) throw nothing(scan, "no labels");
      return { prefix: keys.volume(given), start: [0, 0, 0] };
    }
  }
}

/** The label volumes that lie on a stage's voxels: the batch's own, and a segmentation's on its crop. */
export function exportLabels(scan: ScanStatus, stage: ExportStage): readonly LabelImage[] {
  const { labels, prepared, box, margin } = scan;
  const given = prepared?.labels?.digest;
  if (stage === "labels" || prepared === undefined) return [];
  const region =
    stage === "crop" && box !== undefined && margin !== undefined
      ? growBox(box, margin, prepared.volume.shape)
      : undefined;
  return [
    ...(given === undefined ? [] : [{ name: "labels", prefix: keys.volume(given), box: region }]),
    ...(labels === undefined || stage !== "crop"
      ? []
      : [{ name: "segmentation", prefix: labelsKey(labels) }]),
  ];
}

/** Where the labels of a segment stage lie. */
export function labelsKey(key: string): string {
  return keys.labels(key);
}

/** The first voxel of box and margin; what a crop holds begins there. */
function cropStart({ box, margin, prepared }: ScanStatus): Zyx {
  if (box === undefined || margin === undefined || prepared === undefined) return [0, 0, 0];
  const [z, y, x] = growBox(box, margin, prepared.volume.shape);
  return [z[0], y[0], x[0]];
}

function nothing({ scan, outcome, state }: ScanStatus, what: string): InvalidInput {
  return new InvalidInput(`${scan}: it has ${what} (it is ${outcome ?? state})`);
}

import type { ExportFormat } from "../../schemas/formats.ts";
import type { ExportedVolume } from "./exported-volume.ts";
import { writeNifti, writeNrrd, writeTiff } from "./write-file.ts";
import { writeTiffSlices } from "./write-tiff-slices.ts";

/** Those who write a volume as a file (or a folder of files), by format. */
export const FILE_WRITERS = {
  nifti: writeNifti,
  nrrd: writeNrrd,
  tiff: writeTiff,
  "tiff-slices": writeTiffSlices,
} as const satisfies Record<
  Exclude<ExportFormat, "ome-zarr">,
  (path: string, volume: ExportedVolume) => Promise<void>
>;

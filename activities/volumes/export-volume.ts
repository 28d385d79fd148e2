import { join } from "node:path";
import type { Placement } from "../../domain/volumes/affine.ts";
import { boxShape, fullBox } from "../../domain/volumes/box.ts";
import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";
import type { Box, VoxelArray, Zyx } from "../../domain/volumes/shape.ts";
import { EXPORT_FORMATS, type ExportFormat } from "../../schemas/formats.ts";
import type { ObjectStore } from "../deps.ts";
import { copyPrefix } from "./copy-prefix.ts";
import type { ExportedVolume } from "./exported-volume.ts";
import { checkBox } from "./read-box.ts";
import { replacePath } from "./replace-path.ts";
import { streamPlanes } from "./stream-planes.ts";
import { volumeInfo } from "./volume-info.ts";
import { FILE_WRITERS } from "./file-writers.ts";
import { type LabelImage, writeLabels } from "./write-labels.ts";
import type { LongOptions } from "./write-pyramid.ts";
import { writePart, writeZarr } from "./write-zarr.ts";

export { EXPORT_FORMATS, type ExportFormat };

const EXTENSIONS = {
  "ome-zarr": ".ome.zarr",
  tiff: ".tif",
  "tiff-slices": "",
  nrrd: ".nrrd",
  nifti: ".nii.gz",
} as const satisfies Record<ExportFormat, string>;

/** Where `export` puts a scan: `DIR/<scan>.<ext>`. */
export function exportPath(dir: string, scan: string, format: ExportFormat): string {
  return join(dir, scan + EXTENSIONS[format]);
}

export interface ExportOptions extends LongOptions {
  readonly format: ExportFormat;
  /** The file to write (`ome-zarr`, `tiff-slices`: the folder); replaced when it is whole. */
  readonly to: string;
  /** Default 0, full resolution. */
  readonly level?: number;
  /** A part, in voxels of that level. */
  readonly box?: Box;
  /** Where the volume's first voxel lies among the source's: a crop's start, `[z, y, x]`. */
  readonly start?: Zyx;
  /** Default: what the volume's document says. */
  readonly origin?: JsonObject;
  readonly voxelSizeUm?: Zyx;
  /** Label volumes that go along as the image's `labels/` group; in OME-Zarr at full resolution alone. */
  readonly labels?: readonly LabelImage[];
}

/**
 * Write a stored volume, or a part of it, as files that other programs read. Streamed.
 *
 * NIfTI and NRRD keep dtype, order and affine of the source, shifted to the part. TIFF keeps the
 * voxel size; its dtypes beyond 8 and 16 bits unsigned and float are not read by every program.
 */
export async function exportVolume(
  store: ObjectStore,
  prefix: string,
  options: ExportOptions,
): Promise<void> {
  const { format, to, level = 0, start = [0, 0, 0] } = options;
  const info = await volumeInfo(store, prefix);
  const whole = info.shapes[level];
  const box = options.box ?? fullBox(whole ?? [0, 0, 0]);
  checkBox(box, whole ?? [0, 0, 0], `${prefix}/${level}`);
  const scale = 2 ** level;
  const placement: Placement = {
    scale,
    // The centre of a coarse voxel lies between the centres of its fine ones.
    shift: start.map((n, axis) => n + box[axis]![0] * scale + (scale - 1) / 2) as unknown as Zyx,
  };
  const voxelSizeUm = (options.voxelSizeUm ?? info.voxelSizeUm).map(
    (s) => s * scale,
  ) as unknown as Zyx;
  const { signal } = options;
  const volume: ExportedVolume = {
    shape: boxShape(box),
    dtype: info.dtype,
    voxelSizeUm,
    origin: options.origin ?? info.origin,
    placement,
    planes: counted(
      streamPlanes(store, prefix, level, box, { signal }),
      box[0][1] - box[0][0],
      options,
    ),
    signal,
  };
  await replacePath(to, async (path) => {
    if (format !== "ome-zarr") return FILE_WRITERS[format](path, volume);
    return writeZarr(path, async (target, root) => {
      const whole = options.box === undefined && level === 0;
      if (whole) await copyPrefix(store, prefix, target, root, options);
      else await writePart(target, root, info, volume);
      const labels = whole ? (options.labels ?? []) : [];
      await writeLabels(store, target, root, labels, { voxelSizeUm, signal });
    });
  });
}

async function* counted(
  planes: AsyncIterable<VoxelArray>,
  total: number,
  { onProgress }: LongOptions,
): AsyncGenerator<VoxelArray> {
  let done = 0;
  for await (const plane of planes) {
    yield plane;
    onProgress?.(++done / total);
  }
}

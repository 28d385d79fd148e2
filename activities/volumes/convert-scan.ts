import type { VoxelArray } from "../../domain/volumes/shape.ts";
import type { Downsampling } from "../../domain/volumes/pyramid.ts";
import { openSource } from "../sources/open-source.ts";
import type { PlanePlace, ScanSource, SourceSpec } from "../sources/source.ts";
import {
  type ResolvedVoxelSize,
  resolveVoxelSize,
} from "../sources/voxel-size/voxel-size-resolve.ts";
import { describeVolume } from "./describe-volume.ts";
import type { ExportFormat } from "./export-volume.ts";
import { createPyramidWriter } from "./pyramid-writer.ts";
import { replacePath } from "./replace-path.ts";
import { FILE_WRITERS } from "./file-writers.ts";
import type { LongOptions } from "./write-pyramid.ts";
import { sourceProvenance } from "./source-provenance.ts";
import { writePlanes } from "./write-planes.ts";
import { writeZarr } from "./write-zarr.ts";

export interface ConvertOptions extends LongOptions {
  readonly format: ExportFormat;
  /** The file to write (`ome-zarr`, `tiff-slices`: the folder); replaced when it is whole. */
  readonly to: string;
  /** Voxels are labels: coarser levels take the most frequent value, not the mean. */
  readonly labels?: boolean;
}

/** What was read, and what is known of its voxels. */
export interface ConvertedScan extends Pick<ScanSource, "format" | "shape" | "dtype"> {
  readonly voxelSize: ResolvedVoxelSize;
}

/** Convert a scan from any format that is read into one that is written, streamed, without a store. */
export async function convertScan(
  spec: SourceSpec,
  baseDir: string,
  options: ConvertOptions,
): Promise<ConvertedScan> {
  const { format, to, signal } = options;
  const source = await openSource(spec, baseDir);
  const { shape, dtype } = source;
  const voxelSize = resolveVoxelSize(spec, source);
  const { voxelSizeUm } = voxelSize;
  const origin = { ...source.origin, format: source.format };
  const exported = {
    shape,
    dtype,
    voxelSizeUm,
    origin,
    placement: { scale: 1, shift: [0, 0, 0] as const },
    // A stream may still hold a plane while the source reads the next one.
    planes: planesOf(source, options, (plane) => plane.slice()),
    signal,
  };
  await replacePath(to, async (path) => {
    if (format !== "ome-zarr") return FILE_WRITERS[format](path, exported);
    return writeZarr(path, async (target, root) => {
      const mode: Downsampling = options.labels === true ? "mode" : "mean";
      const writer = createPyramidWriter(target, root, { shape, dtype, mode, signal });
      const planes = planesOf(source, options, undefined, (z) => writer.place(z));
      const { shapes } = await writePlanes(writer, planes);
      await describeVolume(target, root, {
        name: spec.scan,
        dtype,
        voxelSizeUm,
        shapes,
        downsampling: mode,
        ...(options.labels === true ? { labels: {} } : {}),
        origin,
        record: sourceProvenance(origin, voxelSizeUm, voxelSize.from),
      });
    });
  });
  return { format: source.format, shape, dtype, voxelSize };
}

async function* planesOf(
  source: ScanSource,
  { signal, onProgress }: LongOptions,
  own = (plane: VoxelArray) => plane,
  place?: PlanePlace,
): AsyncGenerator<VoxelArray> {
  let z = 0;
  for await (const plane of source.planes(signal, place)) {
    yield own(plane);
    onProgress?.(++z / source.shape[0]);
  }
}

import { basename } from "node:path";
import { InvalidInput } from "../../domain/errors.ts";
import { bytesPerVoxel } from "../../domain/volumes/dtype.ts";
import type { Zyx } from "../../domain/volumes/shape.ts";
import { fileSize } from "./files/file-bytes.ts";
import { checkNumbering } from "./natural-order.ts";
import { checkShape } from "./plane-checks.ts";
import type { RawSpec, ScanSource, SourceSpec } from "./source.ts";
import { streamVoxels } from "./stream-voxels.ts";

/**
 * Voxels without a header: one file, or one file per slice or group of slices. `InvalidInput` unless
 * the sizes of the files are exactly what the shape, the type and `headerBytes` say.
 */
export async function openRaw(
  spec: SourceSpec,
  raw: RawSpec,
  files: readonly string[],
): Promise<ScanSource> {
  const { scan } = spec;
  const { dtype, endian = "little", headerBytes: skip = 0 } = raw;
  const shape = raw.shape as Zyx;
  checkShape(shape, dtype, scan);
  if (!Number.isSafeInteger(skip) || skip < 0) {
    throw new InvalidInput(
      `${scan}: ${basename(files[0]!)} is said to begin with headerBytes ${skip}, expected 0 or more`,
    );
  }
  checkNumbering(
    files.map((file) => basename(file)),
    spec.allowMissingSlices ?? false,
    scan,
  );
  const planeBytes = shape[1] * shape[2] * bytesPerVoxel(dtype);
  let planes = 0;
  for (const file of files) {
    const size = await fileSize(file, scan);
    const here = (size - skip) / planeBytes;
    if (!Number.isInteger(here) || here < 1) {
      throw new InvalidInput(
        `${scan}: ${basename(file)} has ${size} bytes, expected ${skip} and a whole number of planes of ${planeBytes} (${shape[1]}x${shape[2]} ${dtype})`,
      );
    }
    planes += here;
  }
  if (planes !== shape[0]) {
    throw new InvalidInput(
      `${scan}: ${files.length === 1 ? basename(files[0]!) : `${files.length} files`} hold ${planes} planes of ${shape[1]}x${shape[2]} ${dtype}, expected ${shape[0]}`,
    );
  }
  const layout = { scan, files, shape, dtype, endian, skip, gzip: false };
  return {
    format: "raw",
    shape,
    dtype,
    voxelSizeUm: undefined,
    files,
    origin: { format: "raw", endian, headerBytes: skip },
    planes: (signal, place) => streamVoxels(layout, signal, place),
  };
}

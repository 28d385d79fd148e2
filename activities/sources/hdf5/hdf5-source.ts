import { basename } from "node:path";
import { bytesPerVoxel, viewVoxels } from "../../../domain/volumes/dtype.ts";
import { toNative } from "../byte-order.ts";
import { fileSize } from "../files/file-bytes.ts";
import { openHdf5Reader } from "./hdf5-reader.ts";
import { planSlabs } from "./hdf5-slabs.ts";

import { checkFinite, checkShape } from "../plane-checks.ts";
import type { ScanSource, SourceSpec } from "../source.ts";

/** Slabs up to so many bytes are read while the one before is used. */
const READ_AHEAD = 128 * 1024 * 1024;

/**
 * A volume in an HDF5 file: NeXus, Data Exchange or any other. Axes are taken as z, y, x in the
 * order of the file. Planes are read in slabs of whole chunks; in memory are two of them up to
 * 128 MiB each, or one of up to 256 MiB.
 */
export async function openHdf5(spec: SourceSpec, path: string): Promise<ScanSource> {
  const { scan, dataset } = spec;
  const name = basename(path);
  const subject = `${scan} (${name})`;
  await fileSize(path, scan); // says why a file cannot be read
  const first = await openHdf5Reader(path, dataset, subject);
  await first.close();
  const { shape, dtype, depth, voxelSizeUm, files, origin } = first.description;
  checkShape(shape, dtype, subject);
  const size = bytesPerVoxel(dtype);
  return {
    format: "hdf5",
    shape,
    dtype,
    voxelSizeUm,
    files,
    origin,
    async *planes(signal) {
      const planeBytes = shape[1] * shape[2] * size;
      const slabs = planSlabs(shape[0], planeBytes, depth);
      const ahead = slabs.every(({ first, end }) => (end - first) * planeBytes <= READ_AHEAD);
      const reader = await openHdf5Reader(path, dataset, subject);
      try {
        let next = reader.read(slabs[0]!);
        for (const [i, { first }] of slabs.entries()) {
          const planes = [...(await next)];
          const more = slabs[i + 1];
          if (more !== undefined && ahead) next = quiet(reader.read(more));
          for (let k = 0; planes.length > 0; k++) {
            signal?.throwIfAborted();
            const plane = planes.shift()!;
            toNative(plane, size, "little");
            const where = `${scan}: slice ${first + k + 1} of ${shape[0]} (${name})`;
            yield checkFinite(viewVoxels(dtype, plane), shape[2], where);
          }
          if (more !== undefined && !ahead) next = reader.read(more);
        }
      } finally {
        await reader.close();
      }
    },
  };
}

/** A failure counts when it is waited for, not before. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

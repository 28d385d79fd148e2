import { CorruptData } from "../../domain/errors.ts";
import { bytesPerVoxel } from "../../domain/volumes/dtype.ts";
import type { Dtype, Zyx } from "../../domain/volumes/shape.ts";

/**
 * `CorruptData` when a file goes on for a plane or more behind its last voxel: then its header
 * promises fewer voxels than there are. Less is what writers fill a block with.
 *
 * @param end where the last voxel ends
 * @param subject with the file's name
 */
export function checkVoxelsEnd(
  { shape, dtype }: { readonly shape: Zyx; readonly dtype: Dtype },
  end: number,
  fileBytes: number,
  subject: string,
): void {
  const plane = shape[1] * shape[2] * bytesPerVoxel(dtype);
  if (fileBytes - end < plane) return;
  throw new CorruptData(
    `${subject} has ${fileBytes} bytes, but its [${shape}] voxels of ${dtype} end at byte ${end}`,
  );
}

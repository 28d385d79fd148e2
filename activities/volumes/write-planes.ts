import type { Grid, VoxelArray } from "../../domain/volumes/shape.ts";

/** Something that takes a volume plane by plane. */
export interface PlaneSink<Written> {
  writePlane(plane: VoxelArray): Promise<void>;
  /** Write what is left. */
  close(): Promise<Written>;
  /** Wait until nothing is written any more, whether or not that went well, and give memory back. */
  settle(): Promise<void>;
}

/**
 * Write all planes, in the order of z. When that fails or is cancelled, what was on its way is
 * written or has failed before the promise rejects: nothing appears later in a folder that the caller
 * has removed.
 *
 * @param onPlane called with the number of planes that are written
 */
export async function writePlanes<Written>(
  sink: PlaneSink<Written>,
  planes: AsyncIterable<VoxelArray> | Iterable<VoxelArray>,
  onPlane?: (written: number) => void,
): Promise<Written> {
  let written = 0;
  try {
    for await (const plane of planes) {
      await sink.writePlane(plane);
      onPlane?.(++written);
    }
    return await sink.close();
  } finally {
    await sink.settle();
  }
}

/** The planes of a grid in memory, in the order of z; copies, which whoever gets them may keep. */
export function* planesOf({ shape, data }: Grid): Generator<VoxelArray> {
  const area = shape[1] * shape[2];
  for (let z = 0; z < shape[0]; z++) yield data.slice(z * area, (z + 1) * area);
}

import { CorruptData } from "../../domain/errors.ts";
import type { Box, Zyx } from "../../domain/volumes/shape.ts";
import { openSource } from "../sources/open-source.ts";

export interface OutsideQuestion {
  readonly scan: string;
  /** Where the mask is: an absolute path, nonzero in the specimen. */
  readonly mask: string;
  /** What the crop holds. */
  readonly kept: Box;
  readonly shape: Zyx;
}

/** Specimen voxels of a truth mask, and how many of them a crop does not hold; plane by plane. */
export async function countOutside(
  { scan, mask, kept, shape }: OutsideQuestion,
  signal: AbortSignal,
): Promise<{ readonly all: number; readonly outside: number }> {
  const source = await openSource({ scan, source: mask }, "/");
  if (source.shape.join() !== shape.join()) {
    throw new CorruptData(
      `${scan}: the truth mask has shape ${source.shape.join(" × ")}, the scan ${shape.join(" × ")}`,
    );
  }
  const [[z0, z1], [y0, y1], [x0, x1]] = kept;
  const [, , width] = shape;
  let [all, inside, z] = [0, 0, 0];
  for await (const plane of source.planes(signal)) {
    const within = z >= z0 && z < z1;
    for (let i = 0; i < plane.length; i++) {
      if (plane[i] === 0) continue;
      all++;
      if (!within) continue;
      const x = i % width;
      const y = (i - x) / width;
      if (y >= y0 && y < y1 && x >= x0 && x < x1) inside++;
    }
    z++;
  }
  return { all, outside: all - inside };
}

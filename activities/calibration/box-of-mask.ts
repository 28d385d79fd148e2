import { CorruptData } from "../../domain/errors.ts";
import type { Box, Zyx } from "../../domain/volumes/shape.ts";
import { openSource } from "../sources/open-source.ts";

/**
 * The smallest box that holds every nonzero voxel of a truth mask of `shape`, plane by plane.
 * `CorruptData` where the mask is of another shape or empty.
 */
export async function boxOfMask(
  { scan, mask, shape }: { readonly scan: string; readonly mask: string; readonly shape: Zyx },
  signal: AbortSignal,
): Promise<Box> {
  const source = await openSource({ scan, source: mask }, "/");
  if (source.shape.join() !== shape.join()) {
    throw new CorruptData(
      `${scan}: the truth mask has shape ${source.shape.join(" × ")}, the scan ${shape.join(" × ")}`,
    );
  }
  const [, , width] = shape;
  const low = [Infinity, Infinity, Infinity];
  const high = [0, 0, 0];
  let z = 0;
  for await (const plane of source.planes(signal)) {
    for (let i = 0; i < plane.length; i++) {
      if (plane[i] === 0) continue;
      const x = i % width;
      [z, (i - x) / width, x].forEach((at, axis) => {
        low[axis] = Math.min(low[axis]!, at);
        high[axis] = Math.max(high[axis]!, at + 1);
      });
    }
    z++;
  }
  if (high[0] === 0) throw new CorruptData(`${scan}: the truth mask ${mask} is empty`);
  return [0, 1, 2].map((axis) => [low[axis]!, high[axis]!]) as unknown as Box;
}

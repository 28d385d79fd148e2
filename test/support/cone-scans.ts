import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeSlices } from "../../activities/phantoms/write-slices.ts";
import { createRandom } from "../../domain/random.ts";
import type { Grid } from "../../domain/volumes/shape.ts";

const SIDE = 32;

/**
 * A small scan that can be sorted: a grainy cone in air, off the middle, whose slices grow along z.
 * The box is where the cone is.
 */
export function coneScan(seed: number, { turned = false } = {}): Grid<Uint8Array> {
  const random = createRandom(seed, "cone");
  const [cy, cx] = [random.uniform(13, 19), random.uniform(13, 19)];
  const data = Uint8Array.from({ length: SIDE ** 3 }, (_, i) => {
    const [z, y, x] = [Math.floor(i / SIDE ** 2), Math.floor(i / SIDE) % SIDE, i % SIDE];
    const height = turned ? SIDE - 1 - z : z;
    const radius = height < 4 ? 0 : 1 + (height - 4) * 0.38;
    const grain = 6 * random.normal();
    const inside = Math.hypot(y - cy, x - cx) < radius;
    return Math.max(0, Math.min(255, Math.round((inside ? 120 : 20) + grain)));
  });
  return { shape: [SIDE, SIDE, SIDE], data };
}

/** Write scans as folders of TIFF slices, and the boxes of their cones as `truth.json`. */
export async function writeConeScans(
  dir: string,
  scans: readonly { readonly id: string; readonly turned?: boolean }[],
): Promise<void> {
  const { signal } = new AbortController();
  const truth: Record<string, object> = {};
  for (const [seed, { id, turned = false }] of scans.entries()) {
    await writeSlices(join(dir, id), coneScan(seed, { turned }), 10, signal);
    const z = turned ? [0, SIDE - 4] : [4, SIDE];
    truth[id] = {
      shape_zyx: [SIDE, SIDE, SIDE],
      box_zyx: [z, [2, 30], [2, 30]],
    };
  }
  await writeFile(join(dir, "truth.json"), JSON.stringify(truth));
}

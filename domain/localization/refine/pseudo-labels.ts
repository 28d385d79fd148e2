import { largestComponent } from "../../volumes/components.ts";
import { distance } from "../../volumes/distance.ts";
import { otsu } from "../../volumes/otsu.ts";
import type { Grid, Mask } from "../../volumes/shape.ts";
import { meanMap } from "../mean-map.ts";
import type { CertaintyMap, View } from "../view.ts";

/** What a voxel of the view is to a refinement network. */
export const OUTSIDE = 0;
export const INSIDE = 1;
/** Not known: nothing is learned there. */
export const UNKNOWN = 2;

/** Depths in window radii: how far inside the map's upper class a voxel must lie. */
const CORE = 0.35;
const RIM = 0.3;
const GROWN = 0.2;

/**
 * Where window-wise certainty is sure of specimen and where of background, as `OUTSIDE`, `INSIDE`
 * and `UNKNOWN` per voxel of the view. Undefined when the map is of one value.
 *
 * A window scores as soon as its rim touches the specimen, so the map is larger than the specimen
 * by a part of a radius: only what lies deep inside is taken for specimen, and what lies clearly
 * outside of a somewhat larger core for background, although some of it is specimen. A network
 * that sees a few voxels only cannot learn the difference, and fills the specimen up.
 *
 * @param windowRadius of the windows, in voxels of the view
 */
export function pseudoLabels(
  maps: readonly CertaintyMap[],
  { valid }: View,
  windowRadius: number,
): Grid<Uint8Array> | undefined {
  const { shape } = valid;
  const { data: certainty } = meanMap(maps, shape, 1);
  const threshold = otsu(
    certainty.filter((_, i) => valid.data[i] === 1),
    3,
  ).thresholds.at(-1);
  if (threshold === undefined) return undefined;
  const high = largestComponent({
    shape,
    data: Uint8Array.from(certainty, (v, i) => +(valid.data[i] === 1 && v > threshold)),
  });
  const depth = distance(high, "outside").data;
  const deepest = depth.reduce((a, b) => Math.max(a, b), 0);
  const deeperThan = (radii: number, share: number): Mask => {
    // A specimen thinner than the windows must not vanish.
    const least = Math.min(radii * windowRadius, share * deepest);
    return largestComponent({ shape, data: Uint8Array.from(depth, (d) => +(d > least)) });
  };
  const core = deeperThan(CORE, 0.6).data;
  const away = distanceTo(deeperThan(RIM, 0.5)).data;
  return {
    shape,
    data: Uint8Array.from(core, (inCore, i) => {
      if (inCore === 1) return INSIDE;
      return valid.data[i] === 0 || away[i]! > GROWN * windowRadius ? OUTSIDE : UNKNOWN;
    }),
  };
}

/** From every voxel to the nearest of the mask. */
function distanceTo({ shape, data }: Mask): Grid<Float32Array> {
  return distance({ shape, data: data.map((v) => 1 - v) }, "unknown");
}

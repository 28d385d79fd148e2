import type { AffineMap } from "./affine-map.ts";

/** A circle that is brighter or darker than what it lies on. */
export interface Ring {
  /** In pixels of the plane. */
  readonly radius: number;
  /** Standard deviation of its profile, in pixels of the plane. */
  readonly width: number;
  /** At its crest, in units of the values. */
  readonly amount: number;
}

/** Samples of the profile per pixel of the plane. */
const FINENESS = 4;

/**
 * Add rings about `centre`, a place in the plane: the scan's axis of rotation, wherever the image's
 * map has moved that. A reconstruction has its rings before anybody deforms what it shows, so a
 * grid's or an elastic deformation leaves them round. In place.
 */
export function addRings(
  image: Float32Array,
  size: number,
  map: AffineMap,
  centre: { readonly row: number; readonly column: number },
  rings: readonly Ring[],
): void {
  const reach = Math.max(...rings.map(({ radius, width }) => radius + 4 * width));
  const profile = new Float64Array(Math.ceil(reach * FINENESS) + 2);
  for (const { radius, width, amount } of rings) {
    const first = Math.max(0, Math.ceil((radius - 4 * width) * FINENESS));
    const last = Math.min(profile.length - 1, Math.floor((radius + 4 * width) * FINENESS));
    for (let k = first; k <= last; k++) {
      profile[k]! += amount * Math.exp(-0.5 * ((k / FINENESS - radius) / width) ** 2);
    }
  }
  const middle = (size - 1) / 2;
  for (let i = 0, at = 0; i < size; i++) {
    const row = map.row - centre.row + map.rowPerDown * (i - middle);
    const column = map.column - centre.column + map.columnPerDown * (i - middle);
    for (let j = 0; j < size; j++, at++) {
      const r = row + map.rowPerRight * (j - middle);
      const c = column + map.columnPerRight * (j - middle);
      const place = Math.sqrt(r * r + c * c) * FINENESS;
      const k = Math.floor(place);
      if (k + 1 >= profile.length) continue;
      image[at]! += profile[k]! + (place - k) * (profile[k + 1]! - profile[k]!);
    }
  }
}

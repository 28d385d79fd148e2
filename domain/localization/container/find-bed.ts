import { components } from "../../volumes/components.ts";
import { distance } from "../../volumes/distance.ts";
import { median, quantile } from "../../volumes/median.ts";
import type { Mask } from "../../volumes/shape.ts";
import { backgroundGrey } from "../background-grey.ts";
import type { Slabs } from "./axial-slabs.ts";
import type { Bed, Wall } from "./container.ts";
import { onLine } from "./line.ts";
import { createGauge } from "./section.ts";
import { straighten } from "./straighten.ts";

export interface FoundBed extends Bed {
  readonly reason: string;
}

/**
 * Look for shells and plates along z that the specimen lies on: long and thin in cross-section,
 * the same in six of seven slabs, with nothing but background beside them, and something else, the
 * specimen, elsewhere. Else in words why there is none.
 *
 * A bone or a stem along z is thick, or has other tissue beside it, or is all that there is.
 */
export function findBed(slabs: Slabs, wall?: Wall): FoundBed | string {
  const { height, width } = slabs;
  const size = height * width;
  const visible = visibleOf(slabs, wall);
  const seen = Float32Array.from(
    slabs.images.flatMap((image) => Array.from(image.filter((_, i) => visible[i] === 1))),
  );
  const { level: background, noise } = backgroundGrey(seen, 0);
  const range = quantile(seen, 0.999) - quantile(seen, 0.001);
  const least = Math.max(6 * noise, 0.004 * range, 1e-9);
  const smoothest = median(slabs.roughness.filter((_, i) => visible[i] === 1));
  const straight = straighten(slabs, visible, background, least, wall);

  const level = new Float32Array(size);
  const steady = new Uint8Array(size);
  const likely = new Uint8Array(size);
  const column = new Float64Array(straight.images.length);
  for (let i = 0; i < size; i++) {
    if (visible[i] === 0) continue;
    straight.images.forEach((image, slab) => (column[slab] = image[i]!));
    level[i] = median(column);
    const away = Math.abs(level[i]! - background);
    if (away <= 0.5 * least) continue;
    const same = column.filter((v) => Math.abs(v - level[i]!) <= 0.3 * away + 3 * noise).length;
    if (same >= 0.5 * column.length) likely[i] = 1;
    if (away > least && same >= 0.85 * column.length) steady[i] = 1;
  }
  const { labels, sizes } = components({ shape: [1, height, width], data: steady });
  const mask = new Uint8Array(size);
  let shells = 0;
  let reason = "Nothing thin stays the same along z";
  for (let label = 1; label < sizes.length; label++) {
    if (sizes[label]! < Math.max(20, 0.15 * Math.min(height, width))) continue;
    const piece = Uint8Array.from(labels, (l) => (l === label ? 1 : 0));
    const contrast = median(level.filter((_, i) => piece[i] === 1)) - background;
    const rough = median(slabs.roughness.filter((_, i) => piece[i] === 1));
    if (rough > 2 * smoothest + 0.15 * Math.abs(contrast)) {
      reason = `Something that stays the same along z on average has a texture: a specimen`;
      continue;
    }
    const why = whyNoBed(piece, visible, straight.images, background, least, [height, width]);
    if (why !== undefined) {
      reason = why;
      continue;
    }
    piece.forEach((v, i) => (mask[i]! |= v));
    shells++;
  }
  if (shells === 0) return reason;
  if (!hasSpecimen(straight.images, mask, visible, background, 2 * least)) {
    return "What stays the same along z is all that there is: it may be the specimen";
  }
  const { shiftY, shiftX } = straight;
  const whole = closeGaps(mask, likely, width);
  return {
    ...{ mask: { shape: [1, height, width], data: whole } satisfies Mask, shiftY, shiftX },
    reason: `a bed: ${shells === 1 ? "a thin shell" : `${shells} thin shells`} along z, the same in six of seven slabs, ${((100 * whole.reduce((a, b) => a + b, 0)) / size).toFixed(1)} % of the slice`,
  };
}

/** Add what lies between or beside by up to two voxels and is nearly as steady. */
function closeGaps(mask: Uint8Array, likely: Uint8Array, width: number): Uint8Array {
  let grown = mask;
  for (let round = 0; round < 2; round++) {
    const from = grown;
    grown = from.map((v, i) =>
      v === 1 || (likely[i] === 1 && [-1, 1, -width, width].some((by) => from[i + by] === 1))
        ? 1
        : 0,
    );
  }
  return grown;
}

function visibleOf({ height, width, middles }: Slabs, wall: Wall | undefined): Uint8Array {
  const visible = new Uint8Array(height * width).fill(1);
  if (!wall) return visible;
  const middle = (middles[0]! + middles.at(-1)!) / 2;
  const [cy, cx] = [onLine(wall.centreY, middle), onLine(wall.centreX, middle)];
  const gauge = createGauge(wall.section);
  return visible.map((_, i) =>
    gauge(Math.floor(i / width) - cy, (i % width) - cx) < wall.section.radius - 1 ? 1 : 0,
  );
}

function whyNoBed(
  piece: Uint8Array,
  visible: Uint8Array,
  images: readonly Float32Array[],
  background: number,
  least: number,
  [height, width]: readonly [number, number],
): string | undefined {
  const shape = [1, height, width] as const;
  const depth = distance({ shape, data: piece }, "unknown").data;
  const thickness = 2 * depth.reduce((a, b) => Math.max(a, b), 0) - 1;
  const outside = Uint8Array.from(piece, (v) => 1 - v);
  const away = distance({ shape, data: outside }, "unknown").data;
  let [area, rim, clear] = [0, 0, 0];
  let [y0, y1, x0, x1] = [height, 0, width, 0];
  for (let i = 0; i < piece.length; i++) {
    const [y, x] = [Math.floor(i / width), i % width];
    if (piece[i] === 1) {
      area++;
      [y0, y1, x0, x1] = [Math.min(y0, y), Math.max(y1, y), Math.min(x0, x), Math.max(x1, x)];
    }
    // The next two voxels are blurred.
    if (visible[i] === 0 || !(away[i]! > 2 && away[i]! <= 3.2)) continue;
    rim++;
    const empty = images.filter((image) => Math.abs(image[i]! - background) <= least).length;
    if (empty >= 0.6 * images.length) clear++;
  }
  const share = area / visible.reduce((sum, v) => sum + v, 0);
  if (share > 0.15) {
    return `Something that stays the same along z takes ${(100 * share).toFixed(0)} % of the slice: too much for a bed`;
  }
  const extent = Math.hypot(y1 - y0 + 1, x1 - x0 + 1);
  const mean = area / extent;
  if (thickness > 0.3 * extent) {
    return `Something ${thickness.toFixed(0)} voxels thick and ${extent.toFixed(0)} wide stays the same along z: too thick for a bed`;
  }
  if (thickness > 2 * mean + 2) {
    return `Something that stays the same along z is ${thickness.toFixed(0)} voxels thick in one place and ${mean.toFixed(0)} elsewhere`;
  }
  if (rim === 0 || clear < 0.7 * rim) {
    return `Something that stays the same along z has something else beside it: ${((100 * clear) / Math.max(rim, 1)).toFixed(0)} % of its border are clear`;
  }
  return undefined;
}

/** Whether something besides the bed, half a percent or more, is not background. */
function hasSpecimen(
  images: readonly Float32Array[],
  bed: Uint8Array,
  visible: Uint8Array,
  background: number,
  least: number,
): boolean {
  let [all, other] = [0, 0];
  for (const image of images) {
    for (let i = 0; i < image.length; i++) {
      if (visible[i] === 0 || bed[i] === 1) continue;
      all++;
      if (Math.abs(image[i]! - background) > least) other++;
    }
  }
  return other > 0.005 * all;
}

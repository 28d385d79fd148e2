import { median, quantile, robustSd } from "../volumes/median.ts";

/** The commonest grey level, and the spread around it without what is far from it. */
export interface BackgroundGrey {
  readonly level: number;
  readonly noise: number;
}

/**
 * The commonest grey level of some voxels. Where the background is exactly constant, a hundredth
 * of the grey range is the unit instead of the spread; `floor` says which share that is.
 *
 * @param floor @default 0.01
 */
export function backgroundGrey(data: Float32Array, floor = 0.01): BackgroundGrey {
  const [lo, hi] = [quantile(data, 0.001), quantile(data, 0.999)];
  if (!(hi > lo)) return { level: lo, noise: 1 };
  const bins = 128;
  const width = (hi - lo) / bins;
  const count = new Float64Array(bins);
  for (const v of data) count[Math.min(bins - 1, Math.max(0, Math.floor((v - lo) / width)))]!++;
  const mode = count.indexOf(Math.max(...count));
  let level = lo + (mode + 0.5) * width;
  let noise = (hi - lo) / 4;
  for (let round = 0; round < 8; round++) {
    const near = data.filter((v) => Math.abs(v - level) <= 3 * noise);
    if (near.length === 0) break;
    level = median(near);
    noise = robustSd(near, level);
  }
  return { level, noise: Math.max(noise, floor * (hi - lo)) };
}

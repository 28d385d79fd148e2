import { median, quantile, robustSd } from "../volumes/median.ts";
import type { Grid } from "../volumes/shape.ts";

/** As the views that encoders are pretrained on: beyond this a bright speck outweighs tissue. */
const [LOWEST, HIGHEST] = [-4, 6];

/** What is brighter than all but this share of the crop may be clipped. */
const BRIGHTEST = 0.995;

/**
 * A crop in the units that encoders know: distance from its median in robust standard deviations,
 * or in larger units where tissue would not fit below 6 otherwise, clipped to [-4, 6]. Depends on
 * the crop alone, so that training and use agree.
 *
 * A crop of a bright specimen in a quiet medium would be one flat white in units of the noise.
 */
export function normaliseCrop({ shape, data }: Grid): Grid<Float32Array> {
  const values = Float32Array.from(data);
  const middle = median(values);
  const noise = robustSd(values, middle) || deviation(values, middle);
  const spread = Math.max(noise, (quantile(values, BRIGHTEST) - middle) / HIGHEST) || 1;
  return {
    shape,
    data: values.map((v) => Math.min(HIGHEST, Math.max(LOWEST, (v - middle) / spread))),
  };
}

/** More than half of the voxels are equal: the ordinary deviation then. */
function deviation(values: Float32Array, middle: number): number {
  return Math.sqrt(values.reduce((sum, v) => sum + (v - middle) ** 2, 0) / values.length);
}

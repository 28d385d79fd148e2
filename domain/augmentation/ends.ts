/** An image's dark and bright end, in units of its values; see `robustRange`. */
export type Ends = readonly [low: number, high: number];

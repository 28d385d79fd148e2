/** An interval to draw from uniformly; both ends equal for a fixed value. */
export type Range = readonly [lo: number, hi: number];

/** How often an operation happens to an image, 0 to 1. */
interface Chance {
  readonly p: number;
}

/** Turn, shift, zoom, stretch and mirror about the slice's centre. */
export interface AffineOptions extends Chance {
  /** Degrees counter-clockwise, within -360 to 360. */
  readonly angle: Range;
  /** At most this far in each direction, as a share of the image's side, 0 to 1. */
  readonly shift: number;
  /** What is in the image becomes larger by this factor, 0.1 to 10. */
  readonly zoom: Range;
  /** Chance of a mirror image (which, turned, is every mirror image), 0 to 1. */
  readonly mirror: number;
}

/** A random part of the image fills it: the contrastive methods' random resized crop. */
export interface CropOptions extends Chance {
  /** Share of the image's area, above 0, up to 1. */
  readonly area: Range;
  /** Width of the part over its height, 0.25 to 4; drawn uniformly in the logarithm. */
  readonly aspect: Range;
}

/** The image as rows and columns of cells, each row and each column of another thickness. */
export interface GridOptions extends Chance {
  /** Rows, and as many columns, 2 to 32. */
  readonly cells: number;
  /** A thickness differs from the mean by up to this share of it, 0 to 0.9. */
  readonly amount: number;
}

/** A smooth random field of displacements. */
export interface ElasticOptions extends Chance {
  /** Distance between the field's control points, as a share of the image's side, 0.02 to 1. */
  readonly spacing: number;
  /** Root mean square of the displacement in each direction, as a share of the side, 0 to 0.2. */
  readonly amount: Range;
}

export interface BlurOptions extends Chance {
  /** Of a Gaussian, in pixels, 0 to 20. */
  readonly sigma: Range;
}

/** Coarser voxels: means over blocks, interpolated back. */
export interface LowResolutionOptions extends Chance {
  /** Side of a block in pixels, whole, 1 to 16; both ends are drawn. */
  readonly factor: Range;
}

/** Rings about the scan's axis of rotation, as a detector's bad columns leave them. */
export interface RingOptions extends Chance {
  /** How many, whole, 1 to 64; both ends are drawn. */
  readonly count: Range;
  /** Brighter or darker by this, in units of the values, 0 to 10. */
  readonly amount: Range;
  /** Standard deviation of a ring's profile in pixels, 0.25 to 20. */
  readonly width: Range;
}

/** Straight lines across the image that meet in one point, as something dense leaves them. */
export interface StreakOptions extends Chance {
  /** How many, whole, 1 to 64; both ends are drawn. */
  readonly count: Range;
  /** Brighter or darker by this, in units of the values, 0 to 10. */
  readonly amount: Range;
  /** Standard deviation of a streak's profile in pixels, 0.25 to 20. */
  readonly width: Range;
}

export interface NoiseOptions extends Chance {
  /** Standard deviation in units of the values, 0 to 10. */
  readonly sd: Range;
}

/** Noise whose variance grows with the signal, like that of counted photons. */
export interface ShotNoiseOptions extends Chance {
  /** Standard deviation at the bright end of the image's range, in units of the values, 0 to 10. */
  readonly sd: Range;
}

/** Contrast and brightness: `gain · value + offset`. */
export interface IntensityOptions extends Chance {
  /** 0 to 10. */
  readonly gain: Range;
  /** In units of the values, -10 to 10. */
  readonly offset: Range;
}

/** A power law between the ends of the image's range. */
export interface GammaOptions extends Chance {
  /** The exponent, 0.1 to 10: above 1 is darker. */
  readonly gamma: Range;
}

/** A display window: values beyond it are clipped, those inside stretched to the image's range. */
export interface WindowOptions extends Chance {
  /** Width as a share of the image's range, 0.05 to 2. */
  readonly width: Range;
  /** Its centre lies up to this far from the range's, as a share of the range, 0 to 1. */
  readonly shift: number;
}

/** Values above a threshold are inverted: `low + high - value`. */
export interface SolarizeOptions extends Chance {
  /** As a share of the image's range, 0 to 1. */
  readonly threshold: Range;
}

/** Rectangles filled with the image's mean. */
export interface CutoutOptions extends Chance {
  /** How many, whole, 1 to 64; both ends are drawn. */
  readonly count: Range;
  /** Their sides as shares of the image's, 0 to 1. */
  readonly size: Range;
}

/**
 * What happens to a slice before a network sees it; plain JSON. Each operation has its own chance,
 * and what is not named does not happen. They apply in the order given here: first what moves
 * content (`crop` to `elastic` are one interpolation), then what a scanner would add, then grey
 * levels. "The image's range" runs from its first to its 99th percentile at that point.
 */
export interface AugmentationConfig {
  readonly crop?: CropOptions;
  readonly affine?: AffineOptions;
  readonly grid?: GridOptions;
  readonly elastic?: ElasticOptions;
  readonly blur?: BlurOptions;
  readonly lowResolution?: LowResolutionOptions;
  readonly shotNoise?: ShotNoiseOptions;
  readonly ring?: RingOptions;
  readonly streak?: StreakOptions;
  readonly noise?: NoiseOptions;
  readonly window?: WindowOptions;
  readonly gamma?: GammaOptions;
  readonly solarize?: SolarizeOptions;
  readonly intensity?: IntensityOptions;
  readonly cutout?: CutoutOptions;
}

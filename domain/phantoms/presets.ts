/** Uniform between two numbers. */
export type Span = readonly [lo: number, hi: number];

/**
 * What a family of phantoms is drawn from.
 *
 * Linear attenuation μ is relative to water. Lengths are in voxels of a scan 128 voxels wide and
 * grow with the size, except `drift`, `jitter` and `axisError`, which belong to the detector and
 * are in its pixels. The columns of method.md §7.2 are `easy`, `paper` and `hard`.
 */
export interface PhantomPreset {
  /** μ of the tube's wall. */
  readonly wallMu: Span;
  /** μ of tissue above the medium. */
  readonly contrast: Span;
  /** Standard deviation of μ inside the tissue. */
  readonly tissueTexture: number;
  readonly mediumMu: Span;
  /** Standard deviation of the medium's slow variation. */
  readonly mediumTexture: number;
  /** Outer radius of the tube over the width of the scan. */
  readonly tubeRadius: Span;
  readonly wallThickness: Span;
  /** Slope of the tube's axis against z, in y and in x. */
  readonly tubeSlope: Span;
  /** Distance of the tube's axis from the axis of rotation, in y and in x. */
  readonly tubeShift: Span;
  /** Height of the air above the medium over the height of the scan. */
  readonly airGap: Span;
  readonly plugHeight: Span;
  readonly bubbles: Span;
  readonly specks: Span;
  readonly speckMu: Span;
  /** Length of the body over the height of the scan. */
  readonly bodyLength: Span;
  /** Size of the cross-section relative to half-widths of 24 (side to side) and 31 (back to belly). */
  readonly bodyGirth: Span;
  /** Angle between body and z, degrees. */
  readonly bodyTilt: Span;
  /** Sideways bend over the body's length. */
  readonly bodyBend: Span;
  /** Accepted volume of the specimen's box over the volume of the scan. */
  readonly boxFraction: Span;
  /** Projections over 180° per column of the scan. */
  readonly projectionsPerColumn: number;
  /** −ln of the transmission straight through tube and medium. */
  readonly opacity: number;
  /** Photons per detector pixel and projection without a sample. */
  readonly photons: Span;
  /** Spread of the logarithm of a detector column's gain (rings). */
  readonly columnGain: number;
  /** Strength of the phase-contrast edge. */
  readonly phaseEdge: Span;
  /** Sideways drift over the whole acquisition. */
  readonly drift: Span;
  readonly jitter: number;
  /** Error of the assumed axis of rotation. */
  readonly axisError: Span;
}

const HARD: PhantomPreset = {
  wallMu: [1.3, 2.2],
  contrast: [0.04, 0.12],
  tissueTexture: 0.05,
  mediumMu: [0.8, 0.95],
  mediumTexture: 0.012,
  tubeRadius: [0.43, 0.465],
  wallThickness: [1.8, 4.2],
  tubeSlope: [-0.02, 0.02],
  tubeShift: [-2, 2],
  airGap: [0.03, 0.12],
  plugHeight: [0, 0.06],
  bubbles: [0, 3],
  specks: [1, 4],
  speckMu: [1.6, 2.6],
  bodyLength: [0.6, 0.85],
  bodyGirth: [0.7, 1.15],
  bodyTilt: [0, 34],
  bodyBend: [-0.2, 0.2],
  boxFraction: [0.06, 0.35],
  projectionsPerColumn: 1.5,
  opacity: 1.6,
  photons: [3e3, 1e4],
  columnGain: 0.008,
  phaseEdge: [0.2, 0.8],
  drift: [-1, 1],
  jitter: 0.2,
  axisError: [-0.5, 0.5],
};

/**
 * The families, by name: `easy` yields to a threshold; in `paper` the wall is as bright as tissue;
 * in `hard` it is brighter and tissue is faint; `demo` shows noise, rings and texture like a real
 * scan, but an animal that a small network can learn to find within minutes.
 */
export const PHANTOM_PRESETS = {
  easy: {
    ...HARD,
    wallMu: [0.95, 1.05],
    contrast: [0.2, 0.35],
    photons: [2e4, 2e4],
    columnGain: 0.004,
    drift: [0, 0],
    jitter: 0,
    axisError: [0, 0],
  },
  paper: { ...HARD, wallMu: [0.97, 1.1], contrast: [0.06, 0.12], photons: [8e3, 8e3] },
  hard: HARD,
  demo: {
    ...HARD,
    wallMu: [1.35, 1.8],
    contrast: [0.15, 0.3],
    boxFraction: [0.1, 0.3],
    photons: [8e3, 1.2e4],
    columnGain: 0.005,
    phaseEdge: [0.2, 0.5],
    drift: [-0.5, 0.5],
    jitter: 0.1,
    axisError: [-0.25, 0.25],
  },
} as const satisfies Record<string, PhantomPreset>;

export type PhantomPresetName = keyof typeof PHANTOM_PRESETS;

/** What each family is, in a few words. */
export const PRESET_WORDS: Readonly<Record<PhantomPresetName, string>> = {
  easy: "tissue stands out, the wall is fainter: a threshold finds it",
  paper: "the wall is as bright as tissue",
  hard: "the wall is brighter than tissue, which is faint and noisy",
  demo: "a bright wall, and a specimen that a small network learns to find within minutes",
};

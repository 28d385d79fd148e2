/** Tube, medium and what else is in it. Lengths and places in voxels, μ relative to water. */
export interface Container {
  /** Where the tube's axis crosses the middle slice. */
  readonly axis: readonly [y: number, x: number];
  /** How far the axis moves per slice. */
  readonly slope: readonly [y: number, x: number];
  readonly outerRadius: number;
  readonly innerRadius: number;
  readonly wallMu: number;
  readonly mediumMu: number;
  readonly mediumTexture: number;
  /** Height of the medium's surface on the axis; air above. */
  readonly surface: number;
  readonly surfaceSlope: readonly [y: number, x: number];
  /** How far the medium creeps up the wall. */
  readonly meniscus: number;
  /** Top of the plug at the bottom of the tube; 0 without one. */
  readonly plug: number;
  readonly plugMu: number;
  readonly bubbles: readonly Ball[];
  readonly specks: readonly Ball[];
}

export interface Ball {
  readonly centre: readonly [z: number, y: number, x: number];
  readonly radius: number;
  readonly mu: number;
}

/** What of the container matters for where things can be. */
export type Room = Pick<
  Container,
  "axis" | "slope" | "innerRadius" | "surface" | "surfaceSlope" | "plug"
>;

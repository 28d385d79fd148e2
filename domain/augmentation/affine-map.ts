/**
 * Where an image's pixels come from: the pixel `down` rows and `right` columns from the image's
 * centre is at row `row + rowPerDown·down + rowPerRight·right` of the plane, and so on.
 */
export interface AffineMap {
  readonly row: number;
  readonly column: number;
  readonly rowPerDown: number;
  readonly rowPerRight: number;
  readonly columnPerDown: number;
  readonly columnPerRight: number;
}

/** How a plane's content is moved on its way into an image. */
export interface Motion {
  /** Counter-clockwise as seen with rows downwards, in radians. */
  readonly angle: number;
  /** What is seen becomes larger by this. */
  readonly zoom: number;
  readonly mirrored: boolean;
  /** What comes to the image's centre, in pixels of the image from the plane's centre. */
  readonly down: number;
  readonly right: number;
  /** The part that fills the image: its sides as shares, its centre in pixels from the image's. */
  readonly part: Part;
}

export interface Part {
  readonly height: number;
  readonly width: number;
  readonly down: number;
  readonly right: number;
}

export const WHOLE: Part = { height: 1, width: 1, down: 0, right: 0 };

/** Where a plane lies under an image without motion. */
export interface Place {
  /** What comes to the image's centre, in rows and columns of the plane. */
  readonly row: number;
  readonly column: number;
  /** Pixels of the plane per pixel of the image. */
  readonly scale: number;
}

/** The map of a motion: shift, then turn, mirror and zoom, then the part, in one. */
export function affineMap({ row, column, scale }: Place, motion: Motion): AffineMap {
  const { angle, zoom, mirrored, part } = motion;
  const cos = (Math.cos(angle) * scale) / zoom;
  const sin = (Math.sin(angle) * scale) / zoom;
  const hand = mirrored ? -1 : 1;
  const [rowPerRight, columnPerRight] = [hand * sin, hand * cos];
  return {
    row: row + motion.down * scale + cos * part.down + rowPerRight * part.right,
    column: column + motion.right * scale - sin * part.down + columnPerRight * part.right,
    rowPerDown: cos * part.height,
    rowPerRight: rowPerRight * part.width,
    columnPerDown: -sin * part.height,
    columnPerRight: columnPerRight * part.width,
  };
}

/** Which pixels of a square image are sampled, and where they lie from its centre. */
export interface Stencil {
  /** Side of the image in pixels. */
  readonly size: number;
  /** Per pixel: its place in the image, and rows (down) and columns (right) from the centre. */
  readonly places: Int32Array;
  readonly down: Float64Array;
  readonly right: Float64Array;
}

/** The pixels within `radius` of the centre of a square; `Infinity` for all of them. */
export function createStencil(size: number, radius: number): Stencil {
  const middle = (size - 1) / 2;
  const places = Array.from({ length: size * size }, (_, i) => i).filter(
    (i) => Math.hypot(Math.floor(i / size) - middle, (i % size) - middle) <= radius,
  );
  return {
    size,
    places: Int32Array.from(places),
    down: Float64Array.from(places, (i) => Math.floor(i / size) - middle),
    right: Float64Array.from(places, (i) => (i % size) - middle),
  };
}

/** The disc that a window is. @param size - its diameter */
export function windowStencil(size: number): Stencil {
  return createStencil(size, size / 2);
}

/** The disc of a whole slice: what stays inside the square at every angle, less a pixel. */
export function sliceStencil(size: number): Stencil {
  return createStencil(size, (size - 1) / 2 - 1);
}

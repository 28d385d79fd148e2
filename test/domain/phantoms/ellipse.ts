/** An ellipse in a slice, lengths in voxels, its centre relative to the middle of the slice. */
export interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly a: number;
  readonly b: number;
}

/** Each pixel's covered area, from 16×16 samples. */
export function paintEllipse(size: number, { x, y, a, b }: Ellipse): Float32Array {
  const slice = new Float32Array(size * size);
  for (let i = 0; i < slice.length; i++) {
    let hits = 0;
    for (let s = 0; s < 256; s++) {
      const px = (i % size) - (size - 1) / 2 - x + ((s % 16) + 0.5) / 16 - 0.5;
      const py = Math.floor(i / size) - (size - 1) / 2 - y + ((s >> 4) + 0.5) / 16 - 0.5;
      if ((px / a) ** 2 + (py / b) ** 2 <= 1) hits++;
    }
    slice[i] = hits / 256;
  }
  return slice;
}

/** Length of the chord on the line x·cos θ + y·sin θ = t (Kak and Slaney, eq. 3.5). */
export function ellipseChord({ x, y, a, b }: Ellipse, theta: number, t: number): number {
  const reach2 = (a * Math.cos(theta)) ** 2 + (b * Math.sin(theta)) ** 2;
  const s = t - x * Math.cos(theta) - y * Math.sin(theta);
  return s * s >= reach2 ? 0 : (2 * a * b * Math.sqrt(reach2 - s * s)) / reach2;
}

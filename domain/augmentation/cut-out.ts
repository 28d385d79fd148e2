/** Rows and columns of an image, half-open. */
export interface Rectangle {
  readonly rows: readonly [lo: number, hi: number];
  readonly columns: readonly [lo: number, hi: number];
}

/** Fill rectangles with what the image's mean is before that. In place. */
export function cutOut(image: Float32Array, size: number, holes: readonly Rectangle[]): void {
  const mean = image.reduce((sum, v) => sum + v, 0) / image.length;
  for (const { rows, columns } of holes) {
    for (let i = rows[0]; i < rows[1]; i++) {
      image.fill(mean, i * size + columns[0], i * size + columns[1]);
    }
  }
}

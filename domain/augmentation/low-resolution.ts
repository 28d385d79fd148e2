/**
 * See an image through voxels `factor` times as wide: means over blocks (of what there is of them at
 * the border), interpolated bilinearly back between the blocks' centres. In place.
 */
export function lowResolution(image: Float32Array, size: number, factor: number): void {
  const side = Math.ceil(size / factor);
  const coarse = new Float64Array(side * side);
  for (let r = 0; r < side; r++) {
    for (let c = 0; c < side; c++) {
      const [bottom, end] = [Math.min(size, (r + 1) * factor), Math.min(size, (c + 1) * factor)];
      let sum = 0;
      for (let i = r * factor; i < bottom; i++) {
        for (let j = c * factor; j < end; j++) sum += image[i * size + j]!;
      }
      coarse[r * side + c] = sum / ((bottom - r * factor) * (end - c * factor));
    }
  }
  const taps = Array.from({ length: size }, (_, i) => {
    const at = Math.min(Math.max((i + 0.5) / factor - 0.5, 0), side - 1);
    const below = Math.min(Math.floor(at), Math.max(0, side - 2));
    return { below, above: Math.min(below + 1, side - 1), share: at - below };
  });
  for (let i = 0; i < size; i++) {
    const row = taps[i]!;
    const [upper, lower] = [row.below * side, row.above * side];
    for (let j = 0; j < size; j++) {
      const { below, above, share } = taps[j]!;
      const a = (1 - share) * coarse[upper + below]! + share * coarse[upper + above]!;
      const b = (1 - share) * coarse[lower + below]! + share * coarse[lower + above]!;
      image[i * size + j] = (1 - row.share) * a + row.share * b;
    }
  }
}

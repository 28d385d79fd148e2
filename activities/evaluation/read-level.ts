import { InvalidInput } from "../../domain/errors.ts";
import { pyramidShapes } from "../../domain/volumes/pyramid.ts";
import type { Grid, Zyx } from "../../domain/volumes/shape.ts";
import type { ScanSource } from "../sources/source.ts";
import { workingLevel } from "../working-level.ts";

/**
 * A scan at the level whose longest axis is nearest to `target` voxels: means over blocks of 2^level
 * voxels per axis, at a border over what there is of them. Streamed: memory is that of the level.
 *
 * Throws `CorruptData` where the source is broken, `InvalidInput` where it holds no voxels.
 */
export async function readSourceLevel(
  source: Pick<ScanSource, "shape" | "planes">,
  target: number,
  signal?: AbortSignal,
): Promise<Grid<Float32Array>> {
  const shapes = pyramidShapes(source.shape);
  const level = workingLevel(shapes, target);
  const shape = shapes[level]!;
  const factor = 2 ** level;
  const [depth, height, width] = shape;
  const data = new Float32Array(depth * height * width);
  const [, rows, columns] = source.shape;
  if (data.length === 0) throw new InvalidInput(`Expected voxels, got shape ${source.shape}`);
  const sums = new Float64Array(height * width);
  let z = 0;
  for await (const plane of source.planes(signal)) {
    for (let y = 0; y < rows; y++) {
      const row = Math.floor(y / factor) * width;
      for (let x = 0; x < columns; x++)
        sums[row + Math.floor(x / factor)]! += plane[y * columns + x]!;
    }
    z++;
    if (z % factor === 0 || z === source.shape[0]) {
      const k = Math.ceil(z / factor) - 1;
      writeMeans(sums, data, k * height * width, [z - k * factor, rows, columns], factor);
      sums.fill(0);
    }
  }
  return { shape, data };
}

/** @param extent - planes that were summed up, and rows and columns of the source */
function writeMeans(
  sums: Float64Array,
  out: Float32Array,
  offset: number,
  [planes, rows, columns]: Zyx,
  factor: number,
): void {
  const width = Math.ceil(columns / factor);
  for (let i = 0; i < sums.length; i++) {
    const [row, column] = [Math.floor(i / width), i % width];
    const high = Math.min(factor, rows - row * factor);
    const wide = Math.min(factor, columns - column * factor);
    out[offset + i] = sums[i]! / (planes * high * wide);
  }
}

import type { Hdf5Volume } from "./hdf5-volume.ts";
import type { Hdf5Library } from "./hdf5-library.ts";
import type { Slab } from "./hdf5-slabs.ts";

/** The library's memory never shrinks: about so many bytes are asked of it at a time. */
const TILE = 64 * 1024 * 1024;

/**
 * The planes of a slab, little-endian. They are put together from tiles that end where chunks end,
 * so that the library holds a tile and not the slab.
 */
export function readSlab(
  library: Hdf5Library,
  { place, layout, shape, axes }: Hdf5Volume,
  { first, end }: Slab,
): readonly Uint8Array<ArrayBuffer>[] {
  const [, height, width] = shape;
  const size = layout.voxelBytes;
  const depth = end - first;
  const planes = Array.from({ length: depth }, () => new Uint8Array(height * width * size));
  const [tileY, tileX] = tileSize();
  for (let y = 0; y < height; y += tileY) {
    for (let x = 0; x < width; x += tileX) {
      const rows = Math.min(tileY, height - y);
      const columns = Math.min(tileX, width - x);
      const offset = spread([first, y, x], 0);
      const count = spread([depth, rows, columns], 1);
      library.read(place, offset, count, (bytes) => put(bytes, y, x, rows, columns));
    }
  }
  return planes;

  function put(bytes: Uint8Array, y: number, x: number, rows: number, columns: number): void {
    const run = columns === width ? rows * columns : columns;
    const runs = (rows * columns) / run;
    for (let z = 0; z < depth; z++) {
      for (let r = 0; r < runs; r++) {
        const from = (z * runs + r) * run * size;
        planes[z]!.set(bytes.subarray(from, from + run * size), ((y + r) * width + x) * size);
      }
    }
  }

  function tileSize(): readonly [number, number] {
    const chunk = axes.map((axis) => layout.chunks?.[axis] ?? 1);
    const rows = Math.floor(TILE / (depth * width * size));
    if (rows >= height) return [height, width];
    if (rows >= chunk[1]!) return [rows - (rows % chunk[1]!), width];
    if (layout.chunks === undefined) return [Math.max(1, rows), width];
    const columns = Math.floor(TILE / (depth * chunk[1]! * size));
    return [chunk[1]!, Math.min(width, Math.max(chunk[2]!, columns - (columns % chunk[2]!)))];
  }

  /** Along the data set's own axes, of which some are left out. */
  function spread(zyx: readonly number[], rest: number): number[] {
    return layout.shape.map((_, axis) => zyx[axes.indexOf(axis)] ?? rest);
  }
}

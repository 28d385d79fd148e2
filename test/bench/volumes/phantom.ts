import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { once } from "node:events";
import { encodeTiff } from "../../../activities/phantoms/encode-tiff.ts";
import { createRandom } from "../../../domain/random.ts";

type Shape = readonly [z: number, y: number, x: number];

/** Noise that leaves lossless compression about 1.5, as in real micro-CT of 16 bits. */
const NOISE = 200;
/** Where a slice's noise may begin in the pool, so that no two slices have the same. */
const SPREAD = 1 << 20;

/**
 * A scan slice by slice: a specimen with texture in a tube of plastic, in noise. The same shape
 * gives the same voxels.
 *
 * @returns the slice at `z`, `[y, x]`; valid until the next call
 */
export function createPhantom([depth, height, width]: Shape): (z: number) => Uint16Array {
  const random = createRandom(7, "bench-phantom");
  const pool = new Int16Array(height * width + SPREAD);
  for (let i = 0; i < pool.length; i++) pool[i] = Math.round(NOISE * random.normal());
  const slice = new Uint16Array(height * width);
  const radius = (0.48 * Math.min(height, width)) ** 2;
  return (z) => {
    const noise = random.int(SPREAD);
    const along = 1 - ((z - depth / 2) / (0.42 * depth)) ** 2;
    const body = along > 0 ? along * radius * 0.3 : 0;
    for (let j = 0, at = 0; j < height; j++) {
      const dy = j - height / 2;
      for (let i = 0; i < width; i++, at++) {
        const dx = i - width / 2;
        const r = dy * dy + dx * dx;
        let value = 12_000;
        if (r < body) value = 22_000 + ((((z >> 3) + (j >> 3) + (i >> 3)) & 3) << 9);
        else if (r < 0.9 * radius) value = 15_000;
        else if (r < radius) value = 26_000;
        slice[at] = value + pool[noise + at]!;
      }
    }
    return slice;
  };
}

/** The scan as a folder of uncompressed TIFF slices, which are on the disk when it is done. */
export async function writeSlices(folder: string, shape: Shape): Promise<void> {
  await mkdir(folder);
  const [depth, height, width] = shape;
  const slice = createPhantom(shape);
  for (let z = 0; z < depth; z++) {
    const name = `s_${String(z).padStart(5, "0")}.tif`;
    const file = encodeTiff({ width, height, data: slice(z), pixelUm: 5 });
    await writeFile(join(folder, name), file, { flush: true });
  }
}

/** The scan as one headerless little-endian file, which is on the disk when it is done. */
export async function writeRaw(path: string, shape: Shape): Promise<void> {
  const file = createWriteStream(path, { flush: true });
  const slice = createPhantom(shape);
  for (let z = 0; z < shape[0]; z++) {
    if (!file.write(Buffer.from(slice(z).slice().buffer))) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
}

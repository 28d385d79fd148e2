import { expect, test } from "vitest";
import { encodeBlosc } from "../../../activities/volumes/blosc-frame.ts";
import { decodeChunks } from "../../../activities/volumes/voxel-tasks.ts";
import { createRandom } from "../../../domain/random.ts";

const CHUNK = [8, 16, 32] as const;

test.each([
  ["uint16", 1],
  ["uint16", 2],
  ["uint16", 4],
  ["uint8", 1],
  ["uint8", 2],
  ["float32", 2],
] as const)(
  "%s voxels that somebody shuffled by %d bytes come out as they were",
  (dtype, typesize) => {
    const random = createRandom(1);
    const size = { uint8: 1, uint16: 2, float32: 4 }[dtype];
    // Few values, so that the frame is compressed, other ones for each byte of a voxel.
    const bytes = Uint8Array.from(
      { length: 8 * 16 * 32 * size },
      (_, i) => random.int(4) + 8 * (i % size),
    );
    const frame = encodeBlosc(bytes, typesize);
    expect(frame.length).toBeLessThan(bytes.length);
    const buffer = new SharedArrayBuffer(bytes.length);
    decodeChunks({
      bytes: frame,
      frames: [
        { offset: 0, length: frame.length, part: { start: [0, 0, 0], size: CHUNK }, to: [0, 0, 0] },
      ],
      chunk: CHUNK,
      slab: { buffer, offset: 0, bytes: bytes.length, shape: CHUNK, dtype },
    });
    expect(Buffer.compare(new Uint8Array(buffer), bytes)).toBe(0);
  },
);

import * as zarr from "zarrita";
import { CorruptData } from "../../domain/errors.ts";
import { decodeBlosc, encodeBlosc, isPlainZstd } from "./blosc-frame.ts";

interface Codec {
  encode(bytes: Uint8Array): Uint8Array;
  decode(bytes: Uint8Array): Promise<Uint8Array> | Uint8Array;
}

interface CodecClass {
  fromConfig(configuration: unknown, meta: { shape: number[]; dataType: string }): Codec;
}

const wasm = zarr.registry.get("blosc");

/**
 * Teach zarrita native zstd in Blosc frames, and to check that a chunk holds what its array says.
 *
 * zarrita's own codec writes `"shuffle"` unshuffled and every voxel as 4 bytes wide; it still reads
 * the frames of other compressors here.
 */
export function registerBlosc(): void {
  zarr.registry.set("blosc", (async () => {
    const fallback = (await wasm?.()) as unknown as CodecClass | undefined;
    return {
      fromConfig(
        configuration: { typesize?: number },
        meta: { shape: number[]; dataType: string },
      ) {
        const bytes = /(\d+)$/.exec(meta.dataType)?.[1];
        const voxel = bytes === undefined ? 1 : Number(bytes) / 8;
        const expected = meta.shape.reduce((product, n) => product * n, voxel);
        return {
          kind: "bytes_to_bytes",
          encode: (chunk: Uint8Array) => encodeBlosc(chunk, configuration.typesize ?? voxel),
          async decode(frame: Uint8Array) {
            if (isPlainZstd(frame) || fallback === undefined) return decodeBlosc(frame, expected);
            // The wasm decoder trusts the frame's own length and reads on into its memory.
            const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
            if (view.getUint32(4, true) !== expected || view.getUint32(12, true) !== frame.length) {
              throw new CorruptData(
                `A Blosc frame says ${view.getUint32(12, true)} bytes for ${view.getUint32(4, true)}, expected ${frame.length} for ${expected}`,
              );
            }
            const bytes = await fallback.fromConfig(configuration, meta).decode(frame);
            if (bytes.length === expected) return bytes;
            throw new CorruptData(
              `A Blosc frame holds ${bytes.length} bytes, expected ${expected}`,
            );
          },
        };
      },
    };
  }) as never);
}

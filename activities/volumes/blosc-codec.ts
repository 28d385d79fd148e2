import * as zarr from "zarrita";
import { decodeBlosc, encodeBlosc, isPlainZstd } from "./blosc-frame.ts";

interface Codec {
  encode(bytes: Uint8Array): Promise<Uint8Array> | Uint8Array;
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
      fromConfig(configuration: { typesize?: number }, meta: { shape: number[]; dataType: string }) {
        const bytes = /(\d+)$/.exec(meta.dataType)?.[1];
        const voxel = bytes === undefined ? 1 : Number(bytes) / 8;
        const expected = meta.shape.reduce((product, n) => product * n, voxel);
        return {
          kind: "bytes_to_bytes",
          encode: (chunk: Uint8Array) => encodeBlosc(chunk, configuration.typesize ?? voxel),
          decode: (frame: Uint8Array) =>
            isPlainZstd(frame) || fallback === undefined
              ? decodeBlosc(frame, expected)
              : fallback.fromConfig(configuration, meta).decode(frame),
        };
      },
    };
  }) as never);
}

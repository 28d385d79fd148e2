import type { Zyx } from "../../domain/volumes/shape.ts";

/** Voxels as bits: what is moved, whatever they mean. */
export type Bits = Uint8Array | Uint16Array | Uint32Array;

/** The bits of voxels of `size` bytes. */
export function bitsOf(buffer: ArrayBufferLike, size: number): Bits {
  if (size === 1) return new Uint8Array(buffer);
  return size === 2 ? new Uint16Array(buffer) : new Uint32Array(buffer);
}

/** A part of a grid of voxels: where it starts and how far it goes, `[z, y, x]`. */
export interface Part {
  readonly start: Zyx;
  readonly size: Zyx;
}

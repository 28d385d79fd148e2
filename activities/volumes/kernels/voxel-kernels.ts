import { VOXEL_KERNELS } from "./voxel-kernels-wasm.ts";

/** `[z][y]` rows of voxels to planes of their bytes; whether any bit is set. See the `.wat`. */
type Split = (
  from: number,
  pitch: number,
  rows: number,
  width: number,
  to: number,
  apart: number,
) => number;

type Join = (from: number, apart: number, count: number, to: number) => void;

/** What `voxel-kernels.wat` exports; addresses are in `memory`. */
interface Exports {
  readonly split1: Split;
  readonly split2: Split;
  readonly split4: Split;
  readonly join2: Join;
  readonly join4: Join;
  range(from: number, count: number, to: number): void;
  count(from: number, count: number, to: number): void;
  pairCodes(codes: number, low: number, high: number, pairs: number): void;
  encode(from: number, count: number, codes: number, pairs: number, to: number): number;
}

/** The kernels of this thread and their memory. */
export interface VoxelKernels extends Exports {
  readonly memory: ArrayBuffer;
}

/** Addresses of what the Huffman coder works with; from `OUT` on a stream's frame is written. */
export const HUFFMAN = { codes: 0, counts: 1024, range: 5120, pairs: 8192, out: 270_336 } as const;

const PAGE = 65_536;

/** What is used of WebAssembly, whose types TypeScript has only for browsers. */
interface Wasm {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (pages: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const { Module, Memory, Instance } = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;

let module: object | undefined;
let current: VoxelKernels | undefined;

/**
 * The kernels, with memory of at least so many bytes: those of the last call where they have it.
 * The memory's contents last until the next call by anybody.
 */
export function voxelKernels(bytes: number): VoxelKernels {
  if (current !== undefined && current.memory.byteLength >= bytes) return current;
  module ??= new Module(Buffer.from(VOXEL_KERNELS, "base64"));
  const memory = new Memory({ initial: Math.ceil(bytes / PAGE) });
  const { exports } = new Instance(module, { host: { memory } });
  current = { ...(exports as Exports), memory: memory.buffer };
  return current;
}

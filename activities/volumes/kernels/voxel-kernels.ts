import { collectGarbage } from "../collect-garbage.ts";
import { type Arena, takeRegion } from "../voxel-memory.ts";
import { HALVE_KERNELS } from "./halve-kernels-wasm.ts";
import { VOXEL_KERNELS } from "./voxel-kernels-wasm.ts";
import { createWasmMemory, Instance, Module, type WasmMemory } from "./wasm.ts";

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

/** Two planes to one of half as many rows and voxels. See the `.wat`. */
type Halve = (
  a: number,
  b: number,
  rows: number,
  pitch: number,
  width: number,
  to: number,
  next: number,
) => void;

/** What the `.wat`s export; addresses are in `memory`. */
interface Exports {
  readonly split1: Split;
  readonly split2: Split;
  readonly split4: Split;
  readonly join2: Join;
  readonly join4: Join;
  readonly range: (from: number, count: number, to: number) => void;
  readonly count: (from: number, count: number, to: number) => void;
  readonly pairCodes: (codes: number, low: number, high: number, pairs: number) => void;
  readonly encode: (
    from: number,
    count: number,
    codes: number,
    pairs: number,
    to: number,
  ) => number;
  readonly halveU8: Halve;
  readonly halveU16: Halve;
  readonly halveS16: Halve;
  readonly halveF32: Halve;
}

/** The kernels of this thread and their memory. */
export interface VoxelKernels extends Exports {
  readonly memory: SharedArrayBuffer;
  /** Where the bytes begin that are this thread's to work with. */
  readonly base: number;
  /** Number of the arena that the memory is. */
  readonly arena?: number | undefined;
}

/** Places behind `base` of what the Huffman coder works with; from `out` on a stream's frame is written. */
export const HUFFMAN = { codes: 0, counts: 1024, range: 5120, pairs: 8192, out: 270_336 } as const;

interface Loaded {
  readonly exports: Exports;
  readonly memory: WasmMemory;
  readonly kernels: VoxelKernels;
  /** How many bytes behind the base are this thread's. */
  readonly bytes: number;
}

let modules: readonly object[] | undefined;
let own: Loaded | undefined;
let inArena: Loaded | undefined;

/**
 * The kernels, with at least so many bytes to work with: those of the last call where they have them.
 * The contents last until the next call by anybody.
 *
 * @param arena where the voxels are: its memory is the kernels', too, unless it is full
 */
export function voxelKernels(bytes: number, arena?: Arena): VoxelKernels {
  if (arena !== undefined) {
    const others = inArena !== undefined && inArena.kernels.arena !== arena.id;
    const last = inArena?.kernels.arena === arena.id ? inArena : undefined;
    if (last !== undefined && last.bytes >= bytes) return last.kernels;
    const region = takeRegion(arena, bytes);
    if (region !== undefined) {
      const memory = last?.memory ?? arena.memory;
      inArena = load(memory, bytes, region.offset, arena.id, last?.exports);
      if (others) collectGarbage("major"); // or the other arena would stay
      return inArena.kernels;
    }
  }
  if (own === undefined || own.bytes < bytes) {
    const memory = createWasmMemory(bytes);
    own = load(memory, memory.buffer.byteLength, 0, undefined);
  }
  return own.kernels;
}

function load(
  memory: WasmMemory,
  bytes: number,
  base: number,
  arena: number | undefined,
  exports = instantiate(memory),
): Loaded {
  // One by one: V8 compiles code anew that has seen such objects take several forms.
  const kernels: VoxelKernels = {
    memory: memory.buffer,
    base,
    arena,
    split1: exports.split1,
    split2: exports.split2,
    split4: exports.split4,
    join2: exports.join2,
    join4: exports.join4,
    range: exports.range,
    count: exports.count,
    pairCodes: exports.pairCodes,
    encode: exports.encode,
    halveU8: exports.halveU8,
    halveU16: exports.halveU16,
    halveS16: exports.halveS16,
    halveF32: exports.halveF32,
  };
  return { exports, memory, kernels, bytes };
}

function instantiate(memory: WasmMemory): Exports {
  modules ??= [VOXEL_KERNELS, HALVE_KERNELS].map(
    (module) => new Module(Buffer.from(module, "base64")),
  );
  const exports = modules.map((module) => new Instance(module, { host: { memory } }).exports);
  return Object.assign({}, ...exports) as Exports;
}

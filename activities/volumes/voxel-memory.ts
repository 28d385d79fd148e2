import { collectGarbage } from "./collect-garbage.ts";
import { createWasmMemory, MAX_WASM_BYTES, type WasmMemory } from "./kernels/wasm.ts";

/**
 * Memory that the kernels of all threads work in, so that nothing is copied into theirs: parts of it
 * are taken one after the other, and all of it is gone with the last who knows it.
 */
export interface Arena {
  /** No two arenas of a process have the same. */
  readonly id: number;
  readonly memory: WasmMemory;
}

/** A piece of memory: of an arena, or of a buffer of its own. */
export interface Region {
  readonly buffer: ArrayBufferLike;
  readonly offset: number;
  readonly bytes: number;
  readonly arena?: Arena | undefined;
}

/** Regions begin at multiples of it; the first of them holds how many are taken. */
const UNIT = 64;

/** As long as threads wait for work. */
const KEPT_MS = 10_000;

let arenas = 0;
let kept: { readonly memory: WasmMemory; readonly timer: NodeJS.Timeout } | undefined;

/**
 * An arena for about so many bytes (4 GiB at most); undefined where the system gives none. Its memory
 * may have been used before.
 */
export function createArena(bytes: number): Arena | undefined {
  const needed = Math.min(bytes + UNIT, MAX_WASM_BYTES);
  try {
    const memory = takeKept(needed) ?? createWasmMemory(needed);
    return { id: ++arenas, memory };
  } catch (error) {
    if (error instanceof RangeError) return undefined; // no such piece of the address space is free
    throw error;
  }
}

/** Give an arena back that nobody looks at any more: the next one gets its memory, if it comes soon. */
export function releaseArena({ memory }: Arena): void {
  if (kept !== undefined) dropKept();
  kept = { memory, timer: setTimeout(dropKept, KEPT_MS).unref() };
}

function takeKept(bytes: number): WasmMemory | undefined {
  if (kept === undefined) return undefined;
  const { memory, timer } = kept;
  if (memory.buffer.byteLength < bytes) {
    dropKept();
    return undefined;
  }
  clearTimeout(timer);
  kept = undefined;
  Atomics.store(new Int32Array(memory.buffer, 0, 1), 0, 0);
  return memory;
}

function dropKept(): void {
  clearTimeout(kept?.timer);
  kept = undefined;
  collectGarbage("major");
}

/** Memory out of an arena, for any of its threads; undefined when it has not so much left. */
export function takeRegion(arena: Arena, bytes: number): Region | undefined {
  const { buffer } = arena.memory;
  const units = Math.ceil(bytes / UNIT);
  const taken = new Int32Array(buffer, 0, 1);
  const whole = Math.floor(buffer.byteLength / UNIT) - 1;
  for (;;) {
    const before = Atomics.load(taken, 0);
    if (before + units > whole) return undefined;
    if (Atomics.compareExchange(taken, 0, before, before + units) !== before) continue;
    return { buffer, offset: (1 + before) * UNIT, bytes, arena };
  }
}

/** All of a buffer. */
export function wholeBuffer(buffer: ArrayBufferLike): Region {
  return { buffer, offset: 0, bytes: buffer.byteLength };
}

/** A region's bytes. */
export function regionBytes({ buffer, offset, bytes }: Region): Uint8Array {
  return new Uint8Array(buffer, offset, bytes);
}

import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { CorruptData, domainError, EngineCrashed } from "../../domain/errors.ts";
import { bytesPerVoxel } from "../../domain/volumes/dtype.ts";
import { type Dtype, voxelCount, type Zyx } from "../../domain/volumes/shape.ts";
import { threadModule } from "../engine/thread-module.ts";
import type { Slab } from "./slab.ts";
import { createArena, type Region, releaseArena, takeRegion, wholeBuffer } from "./voxel-memory.ts";
import * as tasks from "./voxel-tasks.ts";
import type { Answer } from "./voxel-worker.ts";

/** The work that threads do on voxels in shared memory; see `voxel-tasks.ts`. */
export interface VoxelThreads {
  /** Memory for voxels, which the threads share; zeroed unless it was reserved. */
  allocate(shape: Zyx, dtype: Dtype): Slab;
  /** The same for bytes. */
  memory(bytes: number): Region;
  encodeShard(input: tasks.EncodeShard): Promise<tasks.EncodedShard | undefined>;
  /** `input.bytes` is gone afterwards: it moves to the thread. */
  decodeChunks(input: tasks.DecodeChunks): Promise<void>;
  halveSlab(input: tasks.HalveSlab): Promise<void>;
  /** What was reserved is not looked at any more. */
  release(): void;
}

/** Below this, starting threads takes longer than the work. */
const WORTH_THREADS = 16 * 1024 * 1024;

/** Threads that wait so long for work end. */
const IDLE_MS = 10_000;

/** How many threads a process uses: `MICROTOME_THREADS`, else one per core. */
export function threadCount(env: NodeJS.ProcessEnv = process.env): number {
  const asked = Number(env["MICROTOME_THREADS"]);
  return Number.isInteger(asked) && asked > 0 ? asked : availableParallelism();
}

let pool: Promise<Piscina> | undefined;

/**
 * Whoever works on `bytes` of voxels: the threads of this process, which all its jobs share, or for
 * little work this thread itself. Their memory comes from `allocate`.
 *
 * @param reserve bytes that will be allocated and that the kernels are to reach; what is more lies apart
 */
export function voxelThreads(bytes: number, reserve = 0): VoxelThreads {
  if (bytes < WORTH_THREADS) return INLINE;
  let arena = reserve === 0 ? undefined : createArena(reserve);
  const memory = (size: number) =>
    (arena && takeRegion(arena, size)) ?? wholeBuffer(new SharedArrayBuffer(size));
  const threads = (pool ??= startPool());
  return {
    allocate: (shape, dtype) => ({ ...memory(slabBytes(shape, dtype)), shape, dtype }),
    memory,
    encodeShard: (input) => run(threads, "encodeShard", input),
    decodeChunks: (input) =>
      run(threads, "decodeChunks", input, [input.bytes.buffer as ArrayBuffer]),
    halveSlab: (input) => run(threads, "halveSlab", input),
    release() {
      if (arena !== undefined) releaseArena(arena);
      arena = undefined;
    },
  };
}

const slabBytes = (shape: Zyx, dtype: Dtype) => voxelCount(shape) * bytesPerVoxel(dtype);

const INLINE: VoxelThreads = {
  allocate: (shape, dtype) => ({
    ...wholeBuffer(new ArrayBuffer(slabBytes(shape, dtype))),
    shape,
    dtype,
  }),
  memory: (bytes) => wholeBuffer(new ArrayBuffer(bytes)),
  encodeShard: (input) => promised(() => tasks.encodeShard(input)),
  decodeChunks: (input) => promised(() => tasks.decodeChunks(input)),
  halveSlab: (input) => promised(() => tasks.halveSlab(input)),
  release: () => undefined,
};

async function promised<T>(task: () => T): Promise<T> {
  return Promise.resolve(task());
}

async function startPool(): Promise<Piscina> {
  const count = threadCount();
  const { file, execArgv } = await threadModule("voxel-worker", import.meta.url);
  const started = new Piscina({
    filename: file,
    minThreads: 0,
    maxThreads: count,
    idleTimeout: IDLE_MS,
    // A thread that sleeps on an atomic never runs the finalizers of native memory.
    atomics: "disabled",
    execArgv,
  });
  // A thread that dies outside a task would be replaced by one that dies, too: fail what waits.
  started.on("error", () => {
    pool = undefined;
    void started.destroy();
  });
  // They start while the first voxels are read. Whoever needs them hears of a failure.
  for (let i = 0; i < count; i++) {
    started.run(undefined, { name: "wake" }).catch(() => undefined);
  }
  return started;
}

/** What ends a thread is no fault of the voxels: another attempt may go well. */
function crashed(error: Error & { readonly code?: string }): never {
  const ended = error.code?.startsWith("ERR_WORKER") === true || /terminat/i.test(error.message);
  if (!ended) throw error;
  throw new EngineCrashed(`A thread that works on voxels ended: ${error.message}`, {
    cause: error,
  });
}

async function run<T>(
  pool: Promise<Piscina>,
  name: keyof VoxelThreads,
  input: unknown,
  transferList: ArrayBuffer[] = [],
): Promise<T> {
  const threads = await pool;
  const answer = (await threads.run(input, { name, transferList }).catch(crashed)) as Answer;
  if ("value" in answer) return answer.value as T;
  const { error } = answer;
  throw domainError(error.name, error.message) ?? new CorruptData(error.message);
}

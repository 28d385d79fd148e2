import { Worker } from "node:worker_threads";
import { CorruptData, domainError, isDomainError } from "../../../domain/errors.ts";
import type { Slab } from "./hdf5-slabs.ts";

export interface Hdf5ThreadData {
  /** See `createHdf5Sandbox`. */
  readonly ticks: Int32Array;
}

export type Hdf5Request =
  | {
      readonly kind: "describe";
      readonly path: string;
      readonly dataset: string | undefined;
      readonly subject: string;
    }
  | { readonly kind: "read"; readonly slab: Slab }
  | { readonly kind: "release" };

export type Hdf5Reply =
  | { readonly result: unknown }
  | { readonly error: { readonly name: string; readonly message: string } };

/** A thread with the HDF5 library in it. One call at a time. */
export interface Hdf5Thread {
  /** Rejects with a domain error, also where the library aborts or goes in circles; then the thread is gone. */
  call(request: Hdf5Request, subject: string): Promise<unknown>;
  /** Whether the library never failed in it and it has nothing to do. */
  readonly clean: () => boolean;
  /** Let the process end, or not, while the thread stands. */
  keepProcess(alive: boolean): void;
  end(): Promise<void>;
}

/** Milliseconds without a turn of the disk after which the library is held to go in circles. */
const STUCK = { describe: 4_000, read: 60_000, release: 4_000 };
/** Milliseconds that finding one's way in a file may take, however slow its disk. */
const MAX_DESCRIBE = 60_000;

/**
 * Start a thread: the library aborts, hangs or loses its memory over damaged files, and a thread can
 * be ended and leaves nothing behind. Such an end is a `CorruptData`.
 */
export async function startHdf5Thread(): Promise<Hdf5Thread> {
  const ticks = new Int32Array(new SharedArrayBuffer(4));
  const data: Hdf5ThreadData = { ticks };
  // `--import` of the TypeScript loader does nothing in a thread.
  const start = import.meta.url.endsWith(".ts") ? "./hdf5-start.mjs" : "./hdf5-worker.js";
  const thread = new Worker(new URL(start, import.meta.url), {
    workerData: data,
    execArgv: [],
    // The library looks for prefixes and plug-ins in it.
    env: {},
    stdout: true,
    stderr: true,
  });
  let waiting: { resolve(value: unknown): void; reject(reason: Error): void } | undefined;
  let gone: string | undefined;
  let failed = false;

  function answer(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      if (gone !== undefined) fail(gone);
    });
  }
  function settle(): typeof waiting {
    const settled = waiting;
    waiting = undefined;
    return settled;
  }
  function fail(reason: string): void {
    gone ??= reason;
    settle()?.reject(new Error(gone));
  }

  thread.on("message", (message: Hdf5Reply) => {
    if ("result" in message) {
      settle()?.resolve(message.result);
      return;
    }
    const { name, message: text } = message.error;
    const error = domainError(name, text) ?? new Error(text);
    // The others are our own refusals, over which the library did not stumble.
    failed ||= error instanceof CorruptData || !isDomainError(error);
    settle()?.reject(error);
  });
  thread.on("error", (error: Error) => fail(`the HDF5 library gave up: ${error.message}`));
  thread.on("exit", () => fail("the HDF5 library gave up"));

  /** Ends the thread when the library makes no progress. */
  function watch(kind: Hdf5Request["kind"]): NodeJS.Timeout {
    const started = performance.now();
    let last = Atomics.load(ticks, 0);
    let moved = started;
    return setInterval(() => {
      const now = performance.now();
      const tick = Atomics.load(ticks, 0);
      // Odd: waiting for the disk, which is not the library's fault.
      if (tick !== last || tick % 2 !== 0) moved = now;
      last = tick;
      const late = kind === "describe" && now - started > MAX_DESCRIBE;
      if (now - moved <= STUCK[kind] && !late) return;
      fail(`the HDF5 library found no way through it in ${Math.round((now - started) / 1000)} s`);
      void thread.terminate();
    }, 250);
  }

  await answer();
  return {
    async call(request, subject) {
      const reply = answer();
      thread.postMessage(request);
      const timer = watch(request.kind);
      try {
        return await reply;
      } catch (error) {
        if (gone === undefined) throw error;
        throw new CorruptData(`${subject} is truncated or damaged: ${gone}`, { cause: error });
      } finally {
        clearInterval(timer);
      }
    },
    clean: () => !failed && gone === undefined && waiting === undefined,
    keepProcess(alive) {
      if (alive) thread.ref();
      else thread.unref();
    },
    end: async () => void (await thread.terminate()),
  };
}

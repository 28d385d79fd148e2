import type { Hdf5Description } from "./hdf5-describe.ts";
import type { Slab } from "./hdf5-slabs.ts";
import { type Hdf5Thread, startHdf5Thread } from "./hdf5-thread.ts";

/** An HDF5 file that a thread has open. One call at a time. */
export interface Hdf5Reader {
  readonly description: Hdf5Description;
  /** Planes, little-endian. */
  read(slab: Slab): Promise<readonly Uint8Array[]>;
  /** Also while a read is under way. */
  close(): Promise<void>;
}

/** The last thread that was done with its file, for the next one: starting one takes a moment. */
let spare: { readonly thread: Hdf5Thread; readonly timer: NodeJS.Timeout } | undefined;

/** Milliseconds that a thread without a file stands. */
const IDLE = 10_000;
/** The memory of a thread never shrinks; one with more bytes is not kept. */
const MAX_KEPT = 128 * 1024 * 1024;

/**
 * Open a file in a thread, find the volume in it and see that it can be read.
 *
 * @param subject names the scan and the file, for messages
 */
export async function openHdf5Reader(
  path: string,
  dataset: string | undefined,
  subject: string,
): Promise<Hdf5Reader> {
  const thread = await takeThread();
  let description;
  try {
    description = await thread.call({ kind: "describe", path, dataset, subject }, subject);
  } catch (error) {
    await leaveThread(thread, subject);
    throw error;
  }
  return {
    description: description as Hdf5Description,
    read: (slab) => thread.call({ kind: "read", slab }, subject) as Promise<readonly Uint8Array[]>,
    close: () => leaveThread(thread, subject),
  };
}

async function takeThread(): Promise<Hdf5Thread> {
  const kept = spare;
  spare = undefined;
  if (kept === undefined) return startHdf5Thread();
  clearTimeout(kept.timer);
  if (!kept.thread.clean()) return startHdf5Thread();
  kept.thread.keepProcess(true);
  return kept.thread;
}

async function leaveThread(thread: Hdf5Thread, subject: string): Promise<void> {
  const release = () => thread.call({ kind: "release" }, subject).catch(() => Infinity);
  const memory = thread.clean() ? await release() : Infinity;
  if (spare !== undefined || (memory as number) > MAX_KEPT) return thread.end();
  thread.keepProcess(false);
  const timer = setTimeout(() => {
    spare = undefined;
    void thread.end();
  }, IDLE).unref();
  spare = { thread, timer };
}

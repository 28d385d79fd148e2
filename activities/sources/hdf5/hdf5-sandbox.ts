import fs from "node:fs";
import { dirname, resolve } from "node:path";

/** What a thread that runs the HDF5 library may touch, and what the library said. */
export interface Hdf5Sandbox {
  /** Let the library open a file. */
  allow(path: string): void;
  /** Forget what was allowed. */
  forbidAll(): void;
  /** Paths that the library asked for in vain since the last call. */
  takeRefused(): readonly string[];
  /** What the library printed since the last call: its stack of errors. */
  takeText(): string;
}

/** Longer outpourings say nothing new. */
const MAX_TEXT = 64 * 1024;

/**
 * Confine the file access of this thread, which must be one that does nothing but run the HDF5
 * library: a file can name others (external links, virtual data sets, external storage), and only
 * what was allowed is opened. What the library prints goes to `takeText()` instead of stderr.
 *
 * @param ticks one 32-bit number in shared memory: odd while a read of the disk is under way, and
 *   another one after each, so that a watcher can tell a slow disk from a library that hangs
 * @param plugins a folder that the library loads code from
 */
export function createHdf5Sandbox(ticks: Int32Array, plugins: string | undefined): Hdf5Sandbox {
  const allowed = new Set<string>();
  const refused: string[] = [];
  let text = "";
  const { openSync, readSync, writeSync } = fs;

  fs.openSync = (path, ...rest) => {
    const asked = resolve(String(path));
    const plugin = plugins !== undefined && dirname(asked) === resolve(plugins);
    const ok = allowed.has(asked) || plugin || asked === plugins;
    if (ok) return openSync(path, ...rest);
    refused.push(asked);
    throw Object.assign(new Error(`${asked} is out of bounds`), { code: "EACCES", errno: -13 });
  };
  fs.readSync = ((...args: Parameters<typeof readSync>) => {
    Atomics.add(ticks, 0, 1);
    try {
      return readSync(...args);
    } finally {
      Atomics.add(ticks, 0, 1);
    }
  }) as typeof readSync;
  fs.writeSync = ((...args: [number, Uint8Array, number, number]) => {
    const [fd, data, offset, length] = args;
    if (fd !== 1 && fd !== 2) return writeSync(...args);
    if (text.length < MAX_TEXT) {
      text += Buffer.from(data.buffer, data.byteOffset + offset, length).toString();
    }
    return length;
  }) as typeof writeSync;

  return {
    allow: (path) => void allowed.add(resolve(path)),
    forbidAll: () => allowed.clear(),
    takeRefused: () => refused.splice(0),
    takeText: () => {
      const taken = text;
      text = "";
      return taken;
    },
  };
}

import { Worker } from "node:worker_threads";

/**
 * Let this process die within a second or so of its parent, even in the midst of long arithmetic.
 *
 * A killed parent cannot say goodbye, and its IPC channel's end is noticed only between two turns
 * of the event loop. A thread of its own notices at once that the parent's id has changed.
 */
export function dieWithParent(parent: number, everyMs = 500): void {
  const watch = `
    const { workerData: { parent, everyMs } } = require("node:worker_threads");
    setInterval(() => {
      if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
    }, everyMs);`;
  const thread = new Worker(watch, {
    eval: true,
    execArgv: [], // no TypeScript loader: the thread is up in milliseconds
    workerData: { parent, everyMs },
  });
  thread.unref();
}

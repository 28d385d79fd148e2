import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../setup/process-identity.mjs";
import type { Background } from "./background.ts";
import { logTail, readLog } from "./log-tail.ts";
import { ServerFailure } from "./server-failure.ts";

const POLL_MS = 100;
const PORT_TAKEN =
  /address already in use|port is already in use|EADDRINUSE|can't bind|cannot bind|unable to listen/i;

/**
 * Wait until a process that was just started is of use. Throws `ServerFailure` with the end of its
 * log when it dies first or takes longer than `limitMs`.
 */
export async function waitUntil(
  isReady: () => Promise<boolean>,
  options: {
    readonly name: string;
    readonly process: Background;
    readonly logFile: string;
    readonly logOffset: number;
    readonly limitMs: number;
  },
): Promise<void> {
  const { name, process: started, logFile, logOffset, limitMs } = options;
  const deadline = Date.now() + limitMs;
  for (;;) {
    if (!isAlive(started.pid, started.identity)) {
      const portTaken = PORT_TAKEN.test(readLog(logFile, logOffset));
      throw new ServerFailure(
        `${name} ended while it started${portTaken ? " (its port is taken)" : ""}. The end of ${logFile}:\n${logTail(logFile, logOffset)}`,
        { portTaken },
      );
    }
    if (await isReady()) return;
    if (Date.now() > deadline) {
      throw new ServerFailure(
        `${name} does not answer after ${limitMs / 1000} s. The end of ${logFile}:\n${logTail(logFile, logOffset)}`,
      );
    }
    await sleep(POLL_MS);
  }
}

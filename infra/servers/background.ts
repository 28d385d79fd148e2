import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, processIdentity } from "../setup/process-identity.mjs";
import { ServerFailure } from "./server-failure.ts";

/** A log longer than this is set aside as `<log>.1` before the next start. */
const LONGEST_LOG = 32 * 2 ** 20;
const POLL_MS = 50;

/** A process that outlives us. `identity` tells it from a later one that got the same number. */
export interface Background {
  readonly pid: number;
  readonly identity: string;
}

export interface BackgroundOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly logFile: string;
  /** In a process group of its own, so that Ctrl-C in our terminal does not reach it. Default true. */
  readonly detached?: boolean;
}

/** Start a program in the background, its output appended to a log only this user can read. */
export async function startBackground(
  options: BackgroundOptions,
): Promise<Background & { readonly logOffset: number }> {
  const { command, args, env, cwd, logFile, detached = true } = options;
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
  const logOffset = rotate(logFile);
  const log = openSync(logFile, "a", 0o600);
  try {
    const child = spawn(command, args, { env, cwd, detached, stdio: ["ignore", log, log] });
    child.unref();
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (error) => {
        reject(new ServerFailure(`${command} cannot be started: ${error.message}`));
      });
    });
    const pid = child.pid!;
    const identity = processIdentity(pid);
    if (identity === undefined) throw new ServerFailure(`${command} ended at once; see ${logFile}`);
    return { pid, identity, logOffset };
  } finally {
    closeSync(log);
  }
}

/**
 * End processes that are still the ones they were: SIGTERM, then after `graceMs` SIGKILL to each
 * one's whole group. Resolves to those that had to be killed. What is not ours is left alone.
 */
export async function stopBackground(
  processes: readonly Background[],
  graceMs: number,
): Promise<readonly Background[]> {
  const living = () => processes.filter(({ pid, identity }) => isAlive(pid, identity));
  for (const { pid } of living()) send(pid, "SIGTERM");
  const deadline = Date.now() + graceMs;
  while (living().length > 0 && Date.now() < deadline) await sleep(POLL_MS);
  const killed = living();
  for (const { pid } of killed) {
    // Not the head of a group of its own when it was started attached.
    if (!send(-pid, "SIGKILL")) send(pid, "SIGKILL");
  }
  while (living().length > 0) await sleep(POLL_MS);
  return killed;
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Where the next line of the log will begin. */
function rotate(file: string): number {
  try {
    const { size } = statSync(file);
    if (size <= LONGEST_LOG) return size;
    renameSync(file, `${file}.1`);
  } catch {
    // there is none yet
  }
  return 0;
}

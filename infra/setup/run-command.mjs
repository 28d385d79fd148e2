import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Interrupted } from "./failure.mjs";

/** How long a child may take to go once it was asked to. */
const GRACE_MS = 5000;
const KEEP_LINES = 400;

/** A program that ran and said no. `output` is the end of what it printed. */
export class CommandFailed extends Error {
  name = "CommandFailed";
  constructor(command, status, output) {
    super(`${command} ended with ${status}`);
    this.status = status;
    this.output = output;
  }
}

/**
 * Run a program to its end and return what it printed.
 *
 * It gets a process group of its own, so that an abort ends its children too. Throws
 * `CommandFailed`, `Interrupted`, or node's ENOENT when there is no such program.
 */
export function runCommand(command, args, { cwd, env, signal, onLine } = {}) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new Interrupted());
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const output = [];
    let stdout = "";
    const collect = (line) => {
      output.push(line);
      if (output.length > KEEP_LINES) output.shift();
      onLine?.(line);
    };
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    createInterface({ input: child.stdout }).on("line", collect);
    createInterface({ input: child.stderr }).on("line", collect);

    let force;
    const stop = () => {
      killGroup(child.pid, "SIGTERM");
      force = setTimeout(() => killGroup(child.pid, "SIGKILL"), GRACE_MS);
    };
    signal?.addEventListener("abort", stop, { once: true });
    const finish = () => {
      clearTimeout(force);
      signal?.removeEventListener("abort", stop);
    };
    child.on("error", (error) => {
      finish();
      reject(error);
    });
    child.on("close", (code, killed) => {
      finish();
      if (signal?.aborted) return reject(new Interrupted());
      if (code === 0) return resolve({ stdout, output });
      reject(new CommandFailed(command, killed ?? code, output));
    });
  });
}

function killGroup(pid, signal) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // it is gone
  }
}

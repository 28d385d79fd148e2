import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Run a program on our terminal and return its exit code. Signals that reach us are passed on and
 * ours is only the waiting: the program decides how it ends.
 */
export function runChild(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: "inherit" });
    // A terminal's Ctrl-C reaches the child by itself; a signal sent to us alone does not.
    const pass = (signal) => child.kill(signal);
    const ignore = () => {};
    process.on("SIGTERM", pass).on("SIGHUP", pass);
    process.on("SIGINT", process.stdin.isTTY ? ignore : pass);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      process.off("SIGTERM", pass).off("SIGHUP", pass).off("SIGINT", pass).off("SIGINT", ignore);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

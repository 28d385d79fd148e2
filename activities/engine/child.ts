import { writeFileSync } from "node:fs";
import type { Progress } from "../deps.ts";
import { fromErrorMessage, toErrorMessage } from "./error-message.ts";
import { findJob } from "./find-job.ts";
import type { Jobs } from "./job.ts";
import type { ToChild, ToParent } from "./messages.ts";
import { throttle } from "./throttle.ts";
import { dieWithParent } from "./watchdog.ts";

// The main of an engine process; `engine-process.ts` starts it and speaks with it.

/** What the module named by `MICROTOME_JOBS` exports. */
interface JobsModule {
  readonly createJobs: (env: NodeJS.ProcessEnv) => Promise<Jobs> | Jobs;
}

const PROGRESS_EVERY_MS = 200;

let running: { readonly id: number; readonly cancel: AbortController } | undefined;

async function main(): Promise<void> {
  dieWithParent(Number(process.env["MICROTOME_ENGINE_PARENT"]));
  volunteerForOutOfMemory();
  speakAtOnce();
  // A terminal's Ctrl-C and an init system's SIGTERM reach us too; only the parent knows whether
  // to let the job checkpoint first.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => {});
  process.on("disconnect", () => process.exit(0));

  let jobs: Jobs;
  try {
    const module = (await import(process.env["MICROTOME_JOBS"]!)) as JobsModule;
    jobs = await module.createJobs(process.env);
  } catch (error) {
    const unready: ToParent = { type: "unready", error: toErrorMessage(error) };
    if (process.connected) process.send!(unready, () => process.exit(1));
    return;
  }
  process.on("message", (message: ToChild) => {
    if (message.type === "run") void run(jobs, message);
    else if (message.id === running?.id) running.cancel.abort(fromErrorMessage(message.reason));
  });
  send({ type: "ready" });
}

async function run(jobs: Jobs, { id, name, input }: ToChild & { type: "run" }): Promise<void> {
  const cancel = new AbortController();
  running = { id, cancel };
  const progress = throttle<Progress>(PROGRESS_EVERY_MS, (value) =>
    send({ type: "progress", id, progress: value }),
  );
  let answer: ToParent;
  try {
    const job = findJob(jobs, name);
    const value = await job(input, {
      signal: cancel.signal,
      progress: (value) => progress.push(value),
    });
    JSON.stringify(value); // what cannot be sent is the job's failure, not the channel's
    answer = { type: "result", id, value };
  } catch (error) {
    answer = { type: "failure", id, error: toErrorMessage(error) };
  }
  progress.flush();
  running = undefined;
  send(answer);
}

function send(message: ToParent): void {
  if (process.connected) process.send!(message);
}

/** Whoever runs the machine out of memory, it is us the kernel should end, not the worker. */
function volunteerForOutOfMemory(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", "500");
  } catch {
    // not Linux, or not allowed
  }
}

/** Write output before going on, or a crash would swallow the words that explain it. */
function speakAtOnce(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const { _handle } = stream as { _handle?: { setBlocking?(on: boolean): void } };
    _handle?.setBlocking?.(true);
  }
}

await main();

import { EngineCrashed } from "../../domain/errors.ts";
import type { Progress } from "../deps.ts";
import type { Crash } from "./crash-message.ts";
import { deferred } from "./deferred.ts";
import { toErrorMessage } from "./error-message.ts";
import type { JobRunner } from "./job.ts";
import type { EngineLog } from "./log.ts";
import { witnessMemory } from "./memory-witness.ts";
import type { ErrorMessage } from "./messages.ts";

/** How long a killed process may take to be gone. */
export const DIE_WITHIN_MS = 5_000;

export interface RunningJobOptions {
  readonly name: string;
  readonly pid: number;
  readonly graceMs: number;
  readonly log: EngineLog;
  readonly run: Parameters<JobRunner["run"]>[2];
  /** Tell the process to stop. */
  cancel(reason: ErrorMessage): void;
  /** End the process. */
  kill(): void;
}

/** The parent's half of a job that a child runs. */
export interface RunningJob {
  /** The job's value or error; the signal's reason once that is aborted, whatever the job says. */
  readonly done: Promise<unknown>;
  progress(progress: Progress): void;
  settle(outcome: { readonly value: unknown } | { readonly error: unknown }): void;
  /** What the job knows of its process's crash. */
  crash(): Pick<Crash, "job" | "memory">;
}

/** Follow one job: relay its progress, cancel it, and kill its process if it will not stop. */
export function followJob(options: RunningJobOptions): RunningJob {
  const { name, pid, graceMs, log } = options;
  const { signal } = options.run;
  const startedAt = performance.now();
  const witness = witnessMemory(pid);
  const done = deferred<unknown>();
  const timers: NodeJS.Timeout[] = [];
  let latest: Progress | undefined;

  const settle: RunningJob["settle"] = (outcome) => {
    witness.stop();
    timers.forEach((timer) => clearTimeout(timer));
    signal.removeEventListener("abort", onAbort);
    if (signal.aborted) done.reject(signal.reason);
    else if ("error" in outcome) done.reject(outcome.error);
    else done.resolve(outcome.value);
  };
  const onAbort = () => {
    options.cancel(toErrorMessage(signal.reason));
    const insist = () => {
      log.warn(`Job "${name}" ignored its cancellation for ${graceMs / 1000} s; killing it`, {
        pid,
      });
      options.kill();
    };
    // A process may hang in a driver, deaf to SIGKILL; its caller goes on all the same.
    const giveUp = () => settle({ error: new EngineCrashed(`Process ${pid} does not die`) });
    timers.push(setTimeout(insist, graceMs), setTimeout(giveUp, graceMs + DIE_WITHIN_MS));
  };
  signal.addEventListener("abort", onAbort);

  return {
    done: done.promise,
    settle,
    progress(progress) {
      latest = progress;
      if (signal.aborted) return;
      try {
        options.run.onProgress(progress);
      } catch (error) {
        log.warn(`Progress of job "${name}" was not taken`, { pid, error });
      }
    },
    crash() {
      const memory = witness.stop();
      const seconds = (performance.now() - startedAt) / 1000;
      return {
        job: { name, seconds, ...(latest && { progress: latest }) },
        ...(memory && { memory }),
      };
    },
  };
}

import type { ChildProcess } from "node:child_process";
import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { EngineCrashed } from "../../domain/errors.ts";
import { crashMessage, type Crash } from "./crash-message.ts";
import { deferred } from "./deferred.ts";
import { fromErrorMessage } from "./error-message.ts";
import { forkChild } from "./fork-child.ts";
import type { JobRunner } from "./job.ts";
import type { EngineLog } from "./log.ts";
import type { ToChild, ToParent } from "./messages.ts";
import { createOutputTail } from "./output-tail.ts";
import { DIE_WITHIN_MS, followJob, type RunningJob } from "./running-job.ts";
import { untilAborted } from "./until-aborted.ts";

const READY_WITHIN_MS = 120_000; // TensorFlow's libraries may come from a cold disk
const LAST_WORDS = 20;
/** What every TensorFlow says on loading, whatever its log level: no news, and no last words. */
const GREETING = /before absl::InitializeLog\(\) is called|oneDNN custom operations are on/;
const LAST_WORDS_WITHIN_MS = 1_000;

export interface EngineProcessOptions {
  readonly jobs: URL;
  readonly env: NodeJS.ProcessEnv;
  /** How long a job may go on after its cancellation, and a process after `stop`. */
  readonly graceMs: number;
  readonly log: EngineLog;
}

/** One child process that runs one job at a time; it keeps its parent alive only while it does. */
export interface EngineProcess extends JobRunner {
  readonly pid: number | undefined;
  /** False once it has ended or is about to. */
  usable(): boolean;
  /** Let it end; kill it when it does not within the grace. */
  stop(): Promise<void>;
  kill(): void;
}

/** Start an engine process. Jobs may be given to it at once; they wait until it is ready. */
export function startEngineProcess({
  jobs,
  env,
  graceMs,
  log,
}: EngineProcessOptions): EngineProcess {
  const child = forkChild(jobs, env);
  const { pid } = child;
  const tail = createOutputTail(LAST_WORDS, GREETING, (line) => log.info(`engine ${pid}: ${line}`));
  const ready = deferred<void>();
  const ended = deferred<void>();
  ready.promise.catch(() => {}); // the job that waits for it sees it
  let usable = true;
  let running: (RunningJob & { readonly id: number }) | undefined;
  let lastId = 0;

  const kill = () => {
    usable = false;
    child.kill("SIGKILL");
  };
  const send = (message: ToChild) => {
    child.send(message, () => {}); // a closed channel is a dying child; "exit" tells
  };
  const tooSlow = setTimeout(() => {
    const limit = READY_WITHIN_MS / 1000;
    ready.reject(new EngineCrashed(`The engine process (pid ${pid}) was not ready in ${limit} s`));
    kill();
  }, READY_WITHIN_MS);
  tooSlow.unref();

  const onEnd = (end: Crash["end"]) => {
    usable = false;
    clearTimeout(tooSlow);
    tail.end();
    const message = crashMessage({ pid, end, output: tail.lines(), ...running?.crash() });
    const error = new EngineCrashed(message);
    ready.reject(error); // without effect if it was ready, or has said why not
    running?.settle({ error });
    running = undefined;
    ended.resolve();
  };
  const onMessage = (message: ToParent) => {
    if (message.type === "ready" || message.type === "unready") {
      clearTimeout(tooSlow);
      if (message.type === "ready") return ready.resolve();
      usable = false;
      return ready.reject(fromErrorMessage(message.error));
    }
    if (message.id !== running?.id) return;
    if (message.type === "progress") return running.progress(message.progress);
    const finished = running;
    running = undefined;
    if (message.type === "result") finished.settle({ value: message.value });
    else finished.settle({ error: fromErrorMessage(message.error) });
  };

  child.stdout!.setEncoding("utf8").on("data", (text: string) => tail.write(text));
  child.stderr!.setEncoding("utf8").on("data", (text: string) => tail.write(text));
  child.on("message", onMessage);
  child.on("disconnect", () => (usable = false));
  child.on("error", (error) => {
    if (pid === undefined) onEnd(error); // never started; any other error ends in "exit"
  });
  const drained = Promise.all([
    happened(child.stdout!, "close"),
    happened(child.stderr!, "close"),
    happened(child, "disconnect"),
  ]);
  child.on("exit", (code, signal) => {
    usable = false;
    // First hear its last words, unless a stray process holds the pipes.
    const late = setTimeout(onEnd, LAST_WORDS_WITHIN_MS, { code, signal });
    void drained.then(() => {
      clearTimeout(late);
      onEnd({ code, signal });
    });
  });

  return {
    pid,
    usable: () => usable,
    kill,
    async run<O>(name: string, input: unknown, options: Parameters<JobRunner["run"]>[2]) {
      JSON.stringify(input); // what cannot be sent throws here, not in the channel
      hold(child, true);
      try {
        await untilAborted(ready.promise, options.signal);
        const id = (lastId += 1);
        const cancel: Parameters<typeof followJob>[0]["cancel"] = (reason) =>
          send({ type: "cancel", id, reason });
        running = {
          id,
          ...followJob({ name, pid: pid!, graceMs, log, run: options, cancel, kill }),
        };
        const { done } = running;
        send({ type: "run", id, name, input });
        return (await done) as O;
      } finally {
        hold(child, false);
      }
    },
    async stop() {
      usable = false;
      if (child.connected) child.disconnect();
      const late = setTimeout(kill, graceMs);
      // Deaf even to that, in a driver perhaps: do not wait for ever.
      const giveUp = setTimeout(() => ended.resolve(), graceMs + DIE_WITHIN_MS);
      await ended.promise;
      clearTimeout(late);
      clearTimeout(giveUp);
    },
  };
}

function happened(emitter: EventEmitter, event: string): Promise<void> {
  return new Promise((resolve) => emitter.once(event, () => resolve()));
}

/** Whether the child, its channel and its pipes keep this process alive. */
function hold(child: ChildProcess, on: boolean): void {
  const handles = [
    child,
    child.channel,
    child.stdout as Socket | null,
    child.stderr as Socket | null,
  ];
  for (const handle of handles) {
    if (on) handle?.ref();
    else handle?.unref();
  }
}

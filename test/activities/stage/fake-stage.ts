import { MockActivityEnvironment } from "@temporalio/testing";
import { DefaultLogger } from "@temporalio/worker";
import type { JobRunner } from "../../../activities/engine/job.ts";
import { failures } from "../../../activities/failures.ts";
import type { StageDeps } from "../../../activities/stage/run-stage.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";

/** What stages need, in memory; the clock moves by a second at every look. */
export function fakeDeps(jobs: JobRunner, change: Partial<StageDeps> = {}): StageDeps {
  let seconds = 0;
  return {
    store: createMemoryStore(),
    jobs,
    shutdown: new AbortController().signal,
    host: "test",
    now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds++)),
    ...change,
  };
}

/** An activity's surroundings, with the interceptor that `worker.ts` applies, without a log. */
export function activityEnvironment(attempt = 1): MockActivityEnvironment {
  return new MockActivityEnvironment(
    { attempt },
    { interceptors: [() => ({ inbound: failures })], logger: new DefaultLogger("ERROR") },
  );
}

/** Run something as an activity. */
export function asActivity<T>(body: () => Promise<T>, env = activityEnvironment()): Promise<T> {
  return env.run<[], T, () => Promise<T>>(body);
}

type Call = { readonly name: string; readonly input: unknown } & Parameters<JobRunner["run"]>[2];

/** A runner whose jobs are one function; it remembers what it was asked. */
export function fakeRunner(job: (call: Call) => unknown): JobRunner & { readonly calls: Call[] } {
  const calls: Call[] = [];
  return {
    calls,
    async run<O>(name: string, input: unknown, options: Parameters<JobRunner["run"]>[2]) {
      const call = { name, input, ...options };
      calls.push(call);
      return (await job(call)) as O;
    },
  };
}

import { AsyncResource } from "node:async_hooks";
import { CancelledFailure } from "@temporalio/activity";
import { afterEach, describe, expect, it, vi } from "vitest";
import { runStage } from "../../../activities/stage/run-stage.ts";
import { compile } from "../../../activities/validate.ts";
import { WorkerShutdown } from "../../../domain/errors.ts";
import { stageProgress, type StageProgress } from "../../../schemas/progress.ts";
import { listAll } from "../stores/conformance.ts";
import { activityEnvironment, asActivity, fakeDeps, fakeRunner } from "./fake-stage.ts";
import { gate } from "./gate.ts";

const parts = {
  stage: "localize" as const,
  version: 1,
  parameters: { axis: 0 },
  inputs: { view: "a" },
};
const request = { subject: "A01", parts, job: "localize", input: () => ({}) };

describe("heartbeats", () => {
  afterEach(() => void vi.useRealTimers());
  const parse = compile<StageProgress>(stageProgress);

  it("carry the stage, the scan, and the job's progress within bounds", async () => {
    const beats: StageProgress[] = [];
    const env = activityEnvironment();
    env.on("heartbeat", (beat: StageProgress) => beats.push(beat));
    const runner = fakeRunner(({ onProgress }) => {
      onProgress({ fraction: 0.25, note: "slice 1 of 4" });
      onProgress({ fraction: 1.5 });
      onProgress({ fraction: -1 });
      onProgress({ fraction: NaN, note: "x".repeat(1000) });
      return { result: {}, outputs: [] };
    });
    await asActivity(() => runStage(fakeDeps(runner), request), env);
    // As they travel.
    const sent = beats.map((beat) => parse(JSON.parse(JSON.stringify(beat))));
    const base = { stage: "localize", subject: "A01" };
    expect(sent.slice(0, 4)).toEqual([
      { ...base, fraction: 0 },
      { ...base, fraction: 0.25, note: "slice 1 of 4" },
      { ...base, fraction: 1 },
      { ...base, fraction: 0 },
    ]);
    expect(sent[4]?.fraction).toBe(0);
    expect(sent[4]?.note).toHaveLength(200);
  });

  it("are the activity's own, although progress comes through a process that another started", async () => {
    const environments = [activityEnvironment(), activityEnvironment()];
    const beats: number[][] = [[], []];
    environments.forEach((env, i) =>
      env.on("heartbeat", ({ fraction }: StageProgress) => beats[i]!.push(fraction)),
    );
    // As a child's messages do, all progress arrives in the context of the first activity.
    let relay: ((send: () => void) => void) | undefined;
    const runner = fakeRunner(({ onProgress }) => {
      relay ??= AsyncResource.bind((send: () => void) => send());
      relay(() => onProgress({ fraction: runner.calls.length / 10 }));
      return { result: {}, outputs: [] };
    });
    const deps = fakeDeps(runner);
    await asActivity(() => runStage(deps, request), environments[0]);
    const other = { ...request, parts: { ...parts, version: 2 } };
    await asActivity(() => runStage(deps, other), environments[1]);
    expect(beats).toEqual([
      [0, 0.1],
      [0, 0.2],
    ]);
  });

  it("go on while the job says nothing, and end with it", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const beats: unknown[] = [];
    const env = activityEnvironment();
    env.on("heartbeat", (beat) => beats.push(beat));
    const job = gate();
    const started = gate();
    const runner = fakeRunner(async ({ onProgress }) => {
      onProgress({ fraction: 0.5, note: "thinking" });
      started.open();
      await job.opened;
      return { result: {}, outputs: [] };
    });
    const done = asActivity(() => runStage(fakeDeps(runner), request), env);
    await started.opened;
    const before = beats.length;
    vi.advanceTimersByTime(10_000);
    expect(beats.length - before).toBe(3);
    expect(beats.at(-1)).toMatchObject({ fraction: 0.5, note: "thinking" });
    job.open();
    await done;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("told to stop", () => {
  /** Runs until its signal aborts, as jobs do. */
  const patient = () =>
    fakeRunner(
      ({ signal }) =>
        new Promise((_, reject) => {
          const stop = () => reject(signal.reason as Error);
          if (signal.aborted) stop();
          else signal.addEventListener("abort", stop);
        }),
    );

  it("by a cancellation, aborts the job and ends cancelled", async () => {
    const env = activityEnvironment();
    const runner = patient();
    const deps = fakeDeps(runner);
    const done = asActivity(() => runStage(deps, request), env);
    await expect.poll(() => runner.calls.length).toBe(1);
    expect(runner.calls[0]!.signal.aborted).toBe(false);
    env.cancel("CANCELLED");
    await expect(done).rejects.toBeInstanceOf(CancelledFailure);
    expect(runner.calls[0]!.signal.aborted).toBe(true);
    expect(await listAll(deps.store, "")).toEqual([]);
  });

  it("by a shutdown of its worker, aborts the job and fails so that another worker goes on", async () => {
    const shutdown = new AbortController();
    const runner = patient();
    const deps = fakeDeps(runner, { shutdown: shutdown.signal });
    const done = asActivity(() => runStage(deps, request));
    await expect.poll(() => runner.calls.length).toBe(1);
    shutdown.abort(new WorkerShutdown("The worker received SIGTERM"));
    await expect(done).rejects.toMatchObject({
      type: "WorkerShutdown",
      message: "The worker received SIGTERM",
      nonRetryable: false,
    });
    expect(runner.calls[0]!.signal.aborted).toBe(true);
  });
});

import { AsyncResource } from "node:async_hooks";
import { CancelledFailure } from "@temporalio/activity";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ObjectStore } from "../../../activities/deps.ts";
import { contentKey, sha256 } from "../../../activities/stage/content-key.ts";
import { readManifest } from "../../../activities/stage/manifests.ts";
import { runStage } from "../../../activities/stage/run-stage.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { compile } from "../../../activities/validate.ts";
import { putObject } from "../../../activities/volumes/put-object.ts";
import { CorruptData, WorkerShutdown } from "../../../domain/errors.ts";
import { keys } from "../../../schemas/names.ts";
import { stageProgress, type StageProgress } from "../../../schemas/progress.ts";
import { listAll } from "../stores/conformance.ts";
import { activityEnvironment, asActivity, fakeDeps, fakeRunner } from "./fake-stage.ts";

const parts = {
  stage: "localize" as const,
  version: 1,
  parameters: { axis: 0 },
  inputs: { view: "a" },
};
const key = contentKey(parts);
const request = {
  subject: "A01",
  parts,
  job: "localize",
  input: (own: string) => ({ key: own }),
};

/** A store that remembers in which order it was written. */
function recording(inner = createMemoryStore()): ObjectStore & { readonly written: string[] } {
  const written: string[] = [];
  return {
    ...inner,
    written,
    async put(name, bytes) {
      await inner.put(name, bytes);
      written.push(name);
    },
    async putIfAbsent(name, bytes) {
      const first = await inner.putIfAbsent(name, bytes);
      if (first) written.push(name);
      return first;
    },
  };
}

/** Resolves from outside. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe("a stage", () => {
  it("computes once and commits its manifest last, once", async () => {
    const store = recording();
    const runner = fakeRunner(async () => ({
      result: { range: [0.1, 0.9] },
      outputs: [await putObject(store, "stages/localize/x/profile.json", Uint8Array.of(1, 2, 3))],
    }));
    const deps = fakeDeps(runner, { store, host: "node7" });
    const done = await asActivity(() => runStage(deps, request), activityEnvironment(3));

    expect(done).toEqual({ key, seconds: 1, reused: false, result: { range: [0.1, 0.9] } });
    expect(runner.calls).toMatchObject([{ name: "localize", input: { key } }]);
    expect(store.written).toEqual([
      "stages/localize/x/profile.json",
      keys.manifest("localize", key),
    ]);
    const manifest = await readManifest(store, "localize", key);
    expect(manifest).toEqual({
      stage: "localize",
      key,
      parts,
      result: { range: [0.1, 0.9] },
      outputs: [
        {
          key: "stages/localize/x/profile.json",
          bytes: 3,
          sha256: sha256(Uint8Array.of(1, 2, 3)),
        },
      ],
      run: { startedAt: "2026-01-01T00:00:00.000Z", seconds: 1, host: "node7", attempt: 3 },
    });
  });

  it("reuses a manifest without computing, whoever asks", async () => {
    const runner = fakeRunner(() => ({ result: { n: runner.calls.length }, outputs: [] }));
    const deps = fakeDeps(runner);
    const first = await asActivity(() => runStage(deps, request));
    const again = await asActivity(() => runStage(deps, { ...request, subject: "B02" }));
    expect(again).toEqual({ ...first, reused: true });
    expect(runner.calls).toHaveLength(1);
  });

  it("computes again for other parts", async () => {
    const runner = fakeRunner(() => ({ result: {}, outputs: [] }));
    const deps = fakeDeps(runner);
    await asActivity(() => runStage(deps, request));
    const other = { ...request, parts: { ...parts, parameters: { axis: 1 } } };
    expect((await asActivity(() => runStage(deps, other))).reused).toBe(false);
    expect(runner.calls).toHaveLength(2);
  });

  it("run twice at once leaves one manifest, and both get its result", async () => {
    const bothRun = gate();
    const runner = fakeRunner(async () => {
      const n = runner.calls.length;
      if (n === 2) bothRun.open();
      await bothRun.opened;
      return { result: { n }, outputs: [] };
    });
    const deps = fakeDeps(runner);
    const results = await Promise.all([
      asActivity(() => runStage(deps, request)),
      asActivity(() => runStage(deps, request)),
    ]);
    expect(runner.calls).toHaveLength(2);
    expect(await listAll(deps.store, "")).toHaveLength(1);
    const standing = await readManifest(deps.store, "localize", key);
    for (const { result, seconds } of results) {
      expect(result).toEqual(standing?.result);
      expect(seconds).toBe(standing?.run.seconds);
    }
  });

  it("that fails leaves no manifest, and can be run again", async () => {
    let broken = true;
    const runner = fakeRunner(() => {
      if (broken) throw new CorruptData("A01: slice 3 of 9 is truncated");
      return { result: {}, outputs: [] };
    });
    const deps = fakeDeps(runner);
    await expect(asActivity(() => runStage(deps, request))).rejects.toMatchObject({
      type: "CorruptData",
      message: "A01: slice 3 of 9 is truncated",
      nonRetryable: true,
    });
    expect(await listAll(deps.store, "")).toEqual([]);
    broken = false;
    expect((await asActivity(() => runStage(deps, request))).reused).toBe(false);
  });

  it("does not commit what no reader would accept", async () => {
    const deps = fakeDeps(fakeRunner(() => ({ result: 7, outputs: [] })));
    await expect(asActivity(() => runStage(deps, request))).rejects.toMatchObject({
      type: "InvalidInput",
    });
    expect(await listAll(deps.store, "")).toEqual([]);
  });

  it("does not take a damaged manifest for a result", async () => {
    const runner = fakeRunner(() => ({ result: {}, outputs: [] }));
    const deps = fakeDeps(runner);
    await deps.store.put(keys.manifest("localize", key), new TextEncoder().encode('{"stage":'));
    await expect(asActivity(() => runStage(deps, request))).rejects.toMatchObject({
      type: "CorruptData",
      message: expect.stringContaining(keys.manifest("localize", key)) as string,
    });
    expect(runner.calls).toEqual([]);
  });
});

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

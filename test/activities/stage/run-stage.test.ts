import { describe, expect, it } from "vitest";
import type { ObjectStore } from "../../../activities/deps.ts";
import { contentKey, sha256 } from "../../../activities/stage/content-key.ts";
import { readManifest } from "../../../activities/stage/manifests.ts";
import { runStage } from "../../../activities/stage/run-stage.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { putObject } from "../../../activities/volumes/put-object.ts";
import { CorruptData } from "../../../domain/errors.ts";
import { keys } from "../../../schemas/names.ts";
import { listAll } from "../stores/conformance.ts";
import { activityEnvironment, asActivity, fakeDeps, fakeRunner } from "./fake-stage.ts";
import { gate } from "./gate.ts";

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

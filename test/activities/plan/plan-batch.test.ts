import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explainScan } from "../../../activities/plan/explain-scan.ts";
import { type PlanOptions, planBatch } from "../../../activities/plan/plan-batch.ts";
import type { PlanStep } from "../../../activities/plan/plan-types.ts";
import { contentKey } from "../../../activities/stage/content-key.ts";
import { toJson } from "../../../activities/stage/manifests.ts";
import { planLines, planTotal } from "../../../cli/plan-lines.ts";
import { resolveBatch } from "../../../cli/resolve-batch.ts";
import { keys } from "../../../schemas/names.ts";
import type { ScanStatus } from "../../../schemas/result.ts";
import { allManifests } from "../../support/manifests.ts";
import { snapshot } from "../../support/stored-scan.ts";
import { analyse } from "../jobs/analyse.ts";
import { inProcess } from "../jobs/in-process.ts";
import { blobScan, niftiBytes } from "../jobs/write-scan.ts";

const { grid } = blobScan(48);
const OPTIONS: PlanOptions = {
  ...{ trustSources: false, repretrain: false },
  signal: new AbortController().signal,
};

let folder: string;
let world: Awaited<ReturnType<typeof inProcess>>;
let file: string;
let status: ScanStatus;
const scans = () => [{ id: "A", source: file }];
const given = (more: object = {}) =>
  resolveBatch({ batch: "b", scans: scans(), localize: { method: "energy" }, ...more }, "/").spec;
const plan = (spec = given(), options: Partial<PlanOptions> = {}) =>
  planBatch(world.store, spec, { ...OPTIONS, ...options });
const brief = (steps: readonly PlanStep[]) =>
  steps.map(({ stage, decision, reason }) => `${stage} ${decision}: ${reason}`);

/** The scan went through the real activities; its status is what the workflow would leave. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "microtome-test-"));
  file = join(folder, "a.nii");
  await writeFile(file, niftiBytes(grid, [1, 1, 1]));
  world = await inProcess({ scans: scans(), localize: { method: "energy" } });
  const before = await planBatch(world.store, given(), OPTIONS);
  expect(brief(before.steps)).toEqual([
    "ingest run: never ran",
    "downscale run: never ran",
    "suppress unknown: unknown until downscale",
    "reconcile unknown: unknown until suppress",
    "crop unknown: unknown until reconcile",
  ]);
  expect(before.steps.every(({ estimate }) => estimate === undefined)).toBe(true);
  const prepared = await world.prepare("A");
  await analyse(world, prepared);
  const stages = Object.fromEntries(
    (await allManifests(world.store)).map(({ stage, key, run }) => [
      stage,
      { key, reused: stage === "ingest", seconds: run.seconds },
    ]),
  );
  status = {
    scan: "A",
    state: "settled",
    outcome: "cropped",
    stages,
    volume: prepared.volume.digest,
  };
  await world.store.put(
    keys.batchResult("b"),
    toJson({ batch: "b", outcome: "completed", scans: [status] }),
  );
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

describe("planning a batch that is done", () => {
  it("makes conformal margins part of the decision's key, and pins no calibration", async () => {
    const conformal = given({ localize: { method: "energy", margin: "conformal" } });
    const before = await snapshot(world.store);
    const decide = async () => {
      const { steps } = await plan(conformal);
      return steps.find(({ stage }) => stage === "reconcile")!;
    };
    const none = await decide();
    expect(none).toMatchObject({ decision: "run" });
    expect(none.reason).toContain("parameter `margin` 0.04 → conformal");
    expect(await snapshot(world.store)).toEqual(before);
    const pointer = keys.latestCalibration("default");
    await world.store.put(pointer, toJson({ collection: "default", key: "c".repeat(64) }));
    try {
      const pinned = await decide();
      expect(pinned.key).not.toBe(none.key);
      expect(pinned.reason).toContain("calibration");
    } finally {
      await world.store.delete(pointer);
    }
    expect(await snapshot(world.store)).toEqual(before);
  });

  it("reuses every stage under the keys of the activities, and writes nothing", async () => {
    const before = await snapshot(world.store);
    const { steps, notes } = await plan();
    expect(steps.map(({ decision }) => decision)).toEqual(Array(5).fill("reuse"));
    const made = (await allManifests(world.store)).map(({ stage, key }) => `${stage}/${key}`);
    expect(steps.map(({ stage, key }) => `${stage}/${key}`).sort()).toEqual(made.sort());
    expect(notes).toEqual(["The energy localizer was asked for: nothing is learned"]);
    expect(await snapshot(world.store)).toEqual(before);
  });

  it("names the parameter that changed, and what waits for it", async () => {
    const { steps } = await plan(given({ localize: { method: "energy", minConfidence: 0.5 } }));
    expect(brief(steps.slice(3))).toEqual([
      expect.stringMatching(/^reconcile run: parameter `minConfidence` [\d.]+ → 0.5$/),
      "crop unknown: unknown until reconcile",
    ]);
    const [made] = (await allManifests(world.store)).filter(({ stage }) => stage === "reconcile");
    expect(steps[3]?.estimate).toEqual({
      seconds: made!.run.seconds,
      bytes: made!.outputs.reduce((sum, { bytes }) => sum + bytes, 0),
      runs: 1,
    });
  });

  it("notices a source that changed, unless it is told to trust it", async () => {
    const changed = niftiBytes({ shape: grid.shape, data: grid.data.map((v) => v ^ 1) }, [1, 1, 1]);
    await writeFile(file, changed);
    try {
      const { steps } = await plan();
      expect(brief(steps.slice(0, 2))).toEqual([
        expect.stringMatching(/^ingest run: the source changed \([0-9a-f]{12} → [0-9a-f]{12}\)$/),
        expect.stringMatching(/^downscale run: another input `volume`/),
      ]);
      const trusting = await plan(given(), { trustSources: true });
      expect(trusting.steps.every(({ decision }) => decision === "reuse")).toBe(true);
    } finally {
      await writeFile(file, niftiBytes(grid, [1, 1, 1]));
    }
  });

  it("says which scan cannot be read, and plans the others", async () => {
    const two = given({ scans: [...scans(), { id: "B", source: "/nowhere/b.nii" }] });
    const { steps } = await plan(two);
    expect(brief(steps.filter(({ scan }) => scan === "B"))).toEqual([
      "ingest fail: B: there is no /nowhere/b.nii",
    ]);
    expect(steps.filter(({ decision }) => decision === "reuse")).toHaveLength(5);
  });

  it("pretraining waits for scans that are not prepared, and what follows waits for it", async () => {
    const { steps } = await plan(
      given({ localize: {}, pretrain: { minScans: 1 }, container: { suppress: "none" } }),
    );
    expect(steps.map(({ stage, part, decision }) => [stage, part, decision])).toEqual([
      ["ingest", undefined, "reuse"],
      ["downscale", undefined, "reuse"],
      ["suppress", undefined, "run"],
      ["localize", "z", "unknown"],
      ["localize", "y", "unknown"],
      ["localize", "x", "unknown"],
      ["refine", "z", "unknown"],
      ["refine", "y", "unknown"],
      ["refine", "x", "unknown"],
      ["reconcile", undefined, "unknown"],
      ["crop", undefined, "unknown"],
      ["pretrain", undefined, "run"],
      ["refine", "network", "unknown"],
    ]);
  });
});

describe("what is printed", () => {
  it("equal reasons are one line with a count, within the terminal's width", async () => {
    const step = (scan: string): PlanStep => ({
      ...{ scan, stage: "suppress", decision: "run", reason: "never ran", summary: "never ran" },
      estimate: { seconds: 2, bytes: 1000, runs: 3 },
    });
    const many = Array.from({ length: 1000 }, (_, i) => step(`S${i}`));
    const planned = { batch: "b", scans: 1000, steps: many, notes: [] };
    const lines = planLines(planned, { scans: false, columns: 80 });
    expect(lines[1]).toBe(
      "  suppress          run      1000 scans: never ran [~33 min 20 s, 1.00 MB]",
    );
    expect(lines).toHaveLength(5);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(planLines(planned, { scans: true, columns: 80 }).length).toBeGreaterThan(2000);
    expect(planTotal(planned, "run")).toEqual({
      ...{ steps: 1000, computeSeconds: 0, otherSeconds: 2000, bytes: 1e6, withoutPastRun: 0 },
    });
  });
});

describe("explaining a scan", () => {
  it("tells what ran from what was reused and what was not needed", async () => {
    const stages = await explainScan(world.store, { batch: "b" }, status);
    expect(stages.map(({ stage, how }) => `${stage} ${how}`)).toEqual([
      ...["ingest reused", "downscale ran", "suppress ran", "pretrain not needed"],
      ...["localize not needed", "refine not needed", "reconcile ran", "crop ran"],
      "segment not needed",
    ]);
    const [ingest] = stages;
    expect(ingest?.results[0]).toMatchObject({
      key: status.stages!["ingest"]!.key,
      reason: "no earlier result about this",
      manifest: { run: { host: "test", attempt: 1 } },
    });
  });

  it("tells a failure, and what was not reached", async () => {
    const failure = { type: "CorruptData", message: "a.nii: cut short", retryable: false };
    const failed: ScanStatus = {
      ...{ scan: "A", state: "settled", outcome: "failed", stage: "downscale", failure },
      stages: { ingest: status.stages!["ingest"]! },
    };
    const stages = await explainScan(world.store, { batch: "b" }, failed);
    expect(stages.slice(0, 3)).toMatchObject([
      { how: "reused" },
      { how: "failed", failure },
      { how: "not reached", results: [] },
    ]);
    expect(await explainScan(world.store, { batch: "b" }, failed, "crop")).toHaveLength(1);
  });
});

describe("explaining a scan that was done anew", () => {
  it("names how the key differs from the nearest earlier result", async () => {
    const [earlier] = (await allManifests(world.store)).filter(
      ({ stage }) => stage === "reconcile",
    );
    const { version } = earlier!.parts;
    const parts = { ...earlier!.parts, version: version + 1 };
    const key = contentKey(parts);
    const run = { ...earlier!.run, startedAt: "2026-02-01T00:00:00.000Z" };
    await world.store.put(
      keys.manifest("reconcile", key),
      toJson({ ...earlier!, parts, key, run }),
    );
    const stages = { reconcile: { key, reused: false, seconds: 1 } };
    const [again] = await explainScan(
      world.store,
      { batch: "b" },
      { ...status, stages },
      "reconcile",
    );
    expect(again).toMatchObject({
      how: "ran",
      results: [{ nearest: earlier!.key, reason: `stage version ${version} → ${version + 1}` }],
    });
  });
});

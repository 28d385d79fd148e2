import type { TestWorkflowEnvironment } from "@temporalio/testing";
import { ApplicationFailure } from "@temporalio/activity";
import { WithStartWorkflowOperation, WorkflowUpdateFailedError } from "@temporalio/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { QUEUES, workflowIds } from "../../schemas/names.ts";
import { progressQuery, retryUpdate, cancelScansUpdate } from "../../workflows/messages.ts";
import type { sampleBatch } from "../../workflows/index.ts";
import {
  corrupt,
  createFakeActivities,
  createFakeWorld,
  type FakeWorld,
} from "../support/fake-activities.ts";
import { startTemporal, withWorkers } from "../support/temporal.ts";

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await startTemporal();
});
afterAll(() => env?.teardown());

const start = (batch: string, resume = false) =>
  env.client.workflow.start<typeof sampleBatch>("sampleBatch", {
    taskQueue: QUEUES.workflows,
    workflowId: workflowIds.batch(batch),
    args: [{ batch, spec: "spec", resume }],
  });

/** A new run of a batch that has ended, or the one that is under way. */
const startAgain = (batch: string) =>
  new WithStartWorkflowOperation<typeof sampleBatch>("sampleBatch", {
    taskQueue: QUEUES.workflows,
    workflowId: workflowIds.batch(batch),
    workflowIdConflictPolicy: "USE_EXISTING",
    args: [{ batch, spec: "spec", resume: true }],
  });

const outcomes = (world: FakeWorld) =>
  Object.fromEntries((world.saved?.scans ?? []).map(({ scan, outcome }) => [scan, outcome]));

describe("a batch", () => {
  test("prepares every scan, pretrains once in rounds, then analyses and reports", async () => {
    const world = createFakeWorld();
    const result = await withWorkers(env, createFakeActivities(world, ["A", "B", "C"]), async () =>
      (await start("happy")).result(),
    );
    expect(result.outcome).toBe("completed");
    expect(result.scans.map(({ outcome }) => outcome)).toEqual(["cropped", "cropped", "cropped"]);
    expect(world.calls.filter((call) => call === "round")).toHaveLength(2);
    expect(world.calls.filter((call) => call.startsWith("localize"))).toHaveLength(9);
    const choose = world.calls.indexOf("choose A+B+C");
    expect(choose).toBeGreaterThan(world.calls.indexOf("suppress C"));
    expect(choose).toBeLessThan(world.calls.indexOf("localize A 0"));
    expect(world.calls.at(-1)).toBe("report");
    expect(world.saved).toEqual(result);
  });

  test("ends partial when a scan fails, naming stage, type and message; the others are cropped", async () => {
    const world = createFakeWorld();
    world.broken.set("B", corrupt("B: slice 3 of 9 (s_0002.tif) is truncated"));
    const result = await withWorkers(env, createFakeActivities(world, ["A", "B", "C"]), async () =>
      (await start("partial")).result(),
    );
    expect(result.outcome).toBe("partial");
    expect(result.scans[1]).toMatchObject({
      scan: "B",
      outcome: "failed",
      stage: "ingest",
      failure: {
        type: "CorruptData",
        message: "B: slice 3 of 9 (s_0002.tif) is truncated",
        retryable: false,
      },
    });
    expect(world.calls).toContain("choose A+C");
  });

  test("retries only what failed, in a new run, with the pinned encoder", async () => {
    const world = createFakeWorld();
    world.broken.set("B", corrupt("B is broken"));
    const fakes = createFakeActivities(world, ["A", "B", "C"]);
    await withWorkers(env, fakes, async () => {
      await (await start("retried")).result();
      world.broken.clear();
      const before = world.calls.length;
      const startOperation = startAgain("retried");
      const again = await env.client.workflow.executeUpdateWithStart(retryUpdate, {
        args: [{}],
        startWorkflowOperation: startOperation,
      });
      expect(again).toEqual(["B"]);
      const result = await (await startOperation.workflowHandle()).result();
      expect(result.outcome).toBe("completed");
      const calls = world.calls.slice(before);
      expect(calls).toContain("ingest B");
      expect(calls.filter((call) => / [AC]( |$)/.test(call))).toEqual([]);
      expect(calls).not.toContain("round");
      expect(result.scans.map(({ scan }) => scan)).toEqual(["A", "B", "C"]);
    });
  });

  test("learns a refinement from all maps before any scan is decided, and pins it", async () => {
    const world = createFakeWorld();
    world.refineFrom = 2;
    world.broken.set("C", corrupt("C is broken"));
    const fakes = createFakeActivities(world, ["A", "B", "C"]);
    await withWorkers(env, fakes, async () => {
      const result = await (await start("refined")).result();
      expect(result).toMatchObject({ outcome: "partial", refiner: world.refiner });
      const at = (call: string) => world.calls.indexOf(call);
      expect(at("refine A+B")).toBeGreaterThan(at("localize B 2"));
      expect(at("refined A 0")).toBeGreaterThan(at("refine A+B"));
      expect(at("reconcile A refined")).toBeGreaterThan(at("refined A 2"));
      expect(world.calls.filter((call) => call.startsWith("localize"))).toHaveLength(6);
      // The repaired scan is analysed with what the others taught.
      world.broken.clear();
      const before = world.calls.length;
      const startOperation = startAgain("refined");
      await env.client.workflow.executeUpdateWithStart(retryUpdate, {
        args: [{}],
        startWorkflowOperation: startOperation,
      });
      const again = await (await startOperation.workflowHandle()).result();
      expect(again).toMatchObject({ outcome: "completed", refiner: world.refiner });
      const calls = world.calls.slice(before);
      expect(calls).toContain("reconcile C refined");
      expect(calls.filter((call) => call.startsWith("refine "))).toEqual([]);
    });
  });

  test("goes on without a refinement where there are too few scans or none can be learned", async () => {
    const few = createFakeWorld();
    few.refineFrom = 4;
    const none = createFakeWorld();
    none.refineFrom = 1;
    const fails = {
      refine: async () => {
        throw ApplicationFailure.create({
          ...{ type: "InvalidInput", message: "No view has a voxel", nonRetryable: true },
        });
      },
    };
    await withWorkers(env, createFakeActivities(few, ["A", "B"]), async () => {
      const result = await (await start("few")).result();
      expect(few.calls).toContain("reconcile A");
      expect(result.scans[0]!.reasons!.join()).toMatch(/Only 2 of at least 4 scans/);
    });
    await withWorkers(env, createFakeActivities(none, ["A"], fails), async () => {
      const result = await (await start("unrefined")).result();
      expect(result.outcome).toBe("completed");
      expect(result).not.toHaveProperty("refiner");
      expect(result.scans[0]!.reasons!.join()).toMatch(/No view has a voxel/);
    });
  });

  test("rejects a retry when nothing failed", async () => {
    const world = createFakeWorld();
    await withWorkers(env, createFakeActivities(world, ["A"]), async () => {
      await (await start("nothing")).result();
      const startOperation = startAgain("nothing");
      await expect(
        env.client.workflow.executeUpdateWithStart(retryUpdate, {
          args: [{}],
          startWorkflowOperation: startOperation,
        }),
      ).rejects.toBeInstanceOf(WorkflowUpdateFailedError);
    });
  });

  test("cancels one scan alone, and the rest go on", async () => {
    const world = createFakeWorld();
    let open = () => {};
    world.gates.set("B", new Promise((resolve) => (open = resolve)));
    await withWorkers(env, createFakeActivities(world, ["A", "B"]), async () => {
      const handle = await start("one-cancelled");
      await expect
        .poll(async () => (await handle.query(progressQuery)).scans[0]?.state, { timeout: 20_000 })
        .toBe("prepared");
      expect(await handle.executeUpdate(cancelScansUpdate, { args: [["B"]] })).toEqual(["B"]);
      open();
      const result = await handle.result();
      expect(result.outcome).toBe("partial");
      expect(outcomes(world)).toEqual({ A: "cropped", B: "cancelled" });
    });
  });

  test("cancelled as a whole, stores how far it came", async () => {
    const world = createFakeWorld();
    let open = () => {};
    world.gates.set("B", new Promise((resolve) => (open = resolve)));
    await withWorkers(env, createFakeActivities(world, ["A", "B"]), async () => {
      const handle = await start("all-cancelled");
      await expect
        .poll(async () => (await handle.query(progressQuery)).scans[0]?.state, { timeout: 20_000 })
        .toBe("prepared");
      await handle.cancel();
      open();
      await expect(handle.result()).rejects.toThrow();
      expect(outcomes(world)).toEqual({ A: "cancelled", B: "cancelled" });
    });
  });

  test("ends completed although its report could not be written", async () => {
    const world = createFakeWorld();
    const fakes = createFakeActivities(world, ["A"], {
      writeReport: async () => {
        throw corrupt("no pages today");
      },
    });
    const result = await withWorkers(env, fakes, async () => (await start("no-report")).result());
    expect(result.outcome).toBe("completed");
    expect(world.saved?.outcome).toBe("completed");
  });

  test("fails the waiting scans when the encoder that was named cannot be had", async () => {
    const world = createFakeWorld();
    const fakes = createFakeActivities(world, ["A", "B"], {
      chooseEncoder: async () => {
        throw corrupt("There is no encoder latest");
      },
    });
    const result = await withWorkers(env, fakes, async () => (await start("no-encoder")).result());
    expect(result.outcome).toBe("failed");
    expect(result.scans[1]).toMatchObject({ stage: "pretrain", failure: { type: "CorruptData" } });
  });

  test("falls back to the energy localizer when pretraining stays at chance, and says so", async () => {
    const world = createFakeWorld();
    const fakes = createFakeActivities(world, ["A"], {
      pretrainRound: async () => ({ step: 500, loss: 1.945, state: "plateau" }),
    });
    const result = await withWorkers(env, fakes, async () => (await start("plateau")).result());
    expect(result.outcome).toBe("completed");
    expect(result.note).toMatch(/stayed at chance/);
    expect(result.scans[0]?.reasons?.[0]).toMatch(/stayed at chance/);
    expect(world.calls.some((call) => call.startsWith("localize"))).toBe(false);
  });
});

import type { TestWorkflowEnvironment } from "@temporalio/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { QUEUES, workflowIds } from "../../schemas/names.ts";
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

type Overrides = Parameters<typeof createFakeActivities>[2];

const run = (batch: string, world: FakeWorld, overrides: Overrides) =>
  withWorkers(env, createFakeActivities(world, ["A", "B"], overrides), async () => {
    const handle = await env.client.workflow.start<typeof sampleBatch>("sampleBatch", {
      taskQueue: QUEUES.workflows,
      workflowId: workflowIds.batch(batch),
      args: [{ batch, spec: "spec" }],
    });
    return handle.result();
  });

const plan = (days: number) => async () => ({
  scans: ["A", "B"].map((scan) => ({ scan, withLabels: false })),
  retention: { policy: "quarantine" as const, days },
});

describe("a batch that asks for quarantine", () => {
  test("moves volumes aside after its report, and its stored result says so", async () => {
    const world = createFakeWorld();
    world.broken.set("B", corrupt("B is broken"));
    const retained = { state: "quarantined" as const, until: "2026-12-24T00:00:00.000Z" };
    const asked: unknown[] = [];
    const result = await run("aside", world, {
      readBatch: plan(7),
      retain: async (input) => {
        world.calls.push("retain");
        asked.push(input);
        expect(world.saved?.outcome, "the result is safe before anything moves").toBe("partial");
        return {
          scans: [
            { scan: "A", retained },
            // Never of a scan that was not cropped, whatever comes back.
            { scan: "B", retained },
          ],
        };
      },
    });
    expect(asked).toEqual([{ batch: "aside", days: 7 }]);
    expect(world.calls.slice(-2)).toEqual(["report", "retain"]);
    expect(result.scans.map((scan) => scan.retained)).toEqual([retained, undefined]);
    expect(world.saved).toEqual(result);
  });

  test("ends as it would have when nothing could be moved, and says why", async () => {
    const world = createFakeWorld();
    const result = await run("stuck", world, {
      readBatch: plan(7),
      retain: async () => {
        throw corrupt("no room");
      },
    });
    expect(result.outcome).toBe("completed");
    expect(result.scans[0]?.retained).toEqual({
      state: "kept",
      reason: "Not moved to quarantine: no room",
    });
    expect(world.saved).toEqual(result);
  });

  test("has nothing to move where no scan was cropped", async () => {
    const world = createFakeWorld();
    for (const scan of ["A", "B"]) world.broken.set(scan, corrupt("broken"));
    await run("nothing", world, { readBatch: plan(7) });
    expect(world.calls.filter((call) => call.startsWith("retain"))).toEqual([]);
  });
});

test("a batch that keeps everything never asks", async () => {
  const world = createFakeWorld();
  const result = await run("keeps", world, {});
  expect(result.outcome).toBe("completed");
  expect(world.calls.filter((call) => call.startsWith("retain"))).toEqual([]);
});

test("results say how much a volume and its crop take, as far as the stages do", async () => {
  const world = createFakeWorld();
  const result = await run("sizes", world, {});
  expect(result.scans[0]).toMatchObject({
    volumeStored: { bytes: 100, level0Bytes: 100 },
    cropStored: { bytes: 50, level0Bytes: 40, objects: 3 },
  });
});

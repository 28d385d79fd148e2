import type { TestWorkflowEnvironment } from "@temporalio/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Activities } from "../../activities/index.ts";
import { QUEUES, workflowIds } from "../../schemas/names.ts";
import type { sampleBatch } from "../../workflows/index.ts";
import { corrupt, createFakeActivities, createFakeWorld } from "../support/fake-activities.ts";
import { startTemporal, withWorkers } from "../support/temporal.ts";

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await startTemporal();
});
afterAll(() => env?.teardown());

const key = "c".repeat(64);
const conformal: Partial<Activities> = {
  readBatch: async () => ({ scans: [{ scan: "A", withLabels: false }], conformal: true }),
};

/** Run a batch of scan A; answers with its end and what the two activities were asked. */
async function run(batch: string, overrides: Partial<Activities>, recalibrate?: boolean) {
  const asked: { choose?: unknown; reconcile?: unknown; renew?: boolean } = {};
  const fakes = createFakeActivities(createFakeWorld(), ["A"]);
  const merged: Activities = { ...fakes, ...overrides };
  const watching: Activities = {
    ...merged,
    chooseCalibration: async (input) => {
      asked.renew = input.renew;
      return merged.chooseCalibration(input);
    },
    chooseEncoder: async (input) => {
      asked.choose = input.calibration;
      return merged.chooseEncoder(input);
    },
    reconcile: async (input) => {
      asked.reconcile = input.calibration;
      const { calibration } = input;
      const done = await merged.reconcile(input);
      return calibration === undefined
        ? done
        : { ...done, result: { ...done.result, calibration } };
    },
  };
  const result = await withWorkers(env, watching, async () => {
    const handle = await env.client.workflow.start<typeof sampleBatch>("sampleBatch", {
      ...{ taskQueue: QUEUES.workflows, workflowId: workflowIds.batch(batch) },
      args: [{ batch, spec: "spec", ...(recalibrate === undefined ? {} : { recalibrate }) }],
    });
    return handle.result();
  });
  return { result, asked };
}

describe("a batch with conformal margins", () => {
  test("chooses its calibration first: encoder and every scan's margin come after it", async () => {
    const chosen = { ...conformal, chooseCalibration: async () => ({ key }) };
    const { result, asked } = await run("calibrated", chosen);
    expect(asked).toEqual({ renew: false, choose: key, reconcile: key });
    expect(result).toMatchObject({ outcome: "completed", scans: [{ calibration: key }] });
    expect((await run("renewed", chosen, true)).asked.renew).toBe(true);
  });

  test("goes on without where its collection has none", async () => {
    const { result, asked } = await run("uncalibrated", conformal);
    expect(asked).toEqual({ renew: false, choose: undefined, reconcile: undefined });
    expect(result.outcome).toBe("completed");
    expect(result.scans[0]).not.toHaveProperty("calibration");
  });

  test("asks for none where margins are numbers", async () => {
    const { asked } = await run("numbers", {});
    expect(asked).not.toHaveProperty("renew");
  });

  test("fails its scans, not itself, where the calibration cannot be read", async () => {
    const { result } = await run("damaged", {
      ...conformal,
      chooseCalibration: async () => {
        throw corrupt("calibrations/latest/default.json is not a JSON document");
      },
    });
    expect(result).toMatchObject({
      outcome: "failed",
      scans: [{ stage: "reconcile", failure: { type: "CorruptData" } }],
    });
  });
});

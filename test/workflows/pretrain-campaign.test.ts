import type { TestWorkflowEnvironment } from "@temporalio/testing";
import { ApplicationFailure } from "@temporalio/activity";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Activities } from "../../activities/index.ts";
import { QUEUES, workflowIds } from "../../schemas/names.ts";
import type { EncoderRef } from "../../schemas/volume.ts";
import type { pretrainCampaign } from "../../workflows/index.ts";
import { campaignProgressQuery, stopUpdate } from "../../workflows/messages.ts";
import { createFakeActivities, createFakeWorld } from "../support/fake-activities.ts";
import { startTemporal, withWorkers } from "../support/temporal.ts";

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await startTemporal();
});
afterAll(() => env?.teardown());

const encoder: EncoderRef = {
  ...{ key: "e".repeat(64), view: "windows", pretext: "rotation", encoder: "window-net" },
};

const start = (campaign: string) =>
  env.client.workflow.start<typeof pretrainCampaign>("pretrainCampaign", {
    taskQueue: QUEUES.workflows,
    workflowId: workflowIds.campaign(campaign),
    args: [{ campaign, steps: 100 }],
  });

const withActivities = <T>(overrides: Partial<Activities>, body: () => Promise<T>) =>
  withWorkers(env, createFakeActivities(createFakeWorld(), [], overrides), body);

test("says what happened, what is best and what it was learned by, round by round", async () => {
  const shortcut = {
    pretext: "rotation",
    numbers: { p0Background: 0.4 },
    warnings: ["!"],
  } as const;
  const rounds = [
    { step: 50, loss: 1.95, state: "running", note: "begun anew" },
    { step: 80, loss: 1.2, state: "running", note: "begun anew", shortcut },
    { step: 100, loss: 1, state: "finished", encoder, best: { step: 90, loss: 0.9 } },
  ] as const;
  let next = 0;
  const pretrainRound = () => Promise.resolve(rounds[next++]!);
  const progress = await withActivities({ pretrainRound }, async () => {
    const handle = await start("told");
    expect(await handle.result()).toEqual({ state: "finished", step: 100, loss: 1, encoder });
    return handle.query(campaignProgressQuery);
  });
  expect(progress).toMatchObject({
    state: "finished",
    notes: ["begun anew"],
    best: { step: 90 },
    encoder: encoder.key,
    rounds: [{ step: 50 }, { step: 80 }, { step: 100 }],
  });
});

test("that fails says so, and why", async () => {
  const pretrainRound = () =>
    Promise.reject(ApplicationFailure.nonRetryable("Training diverged at step 7", "Diverged"));
  await withActivities({ pretrainRound }, async () => {
    const handle = await start("failing");
    await expect(handle.result()).rejects.toThrow();
    expect(await handle.query(campaignProgressQuery)).toMatchObject({
      state: "failed",
      notes: ["Training diverged at step 7"],
    });
  });
});

test("told to stop while a round runs, counts that round and publishes what there is then", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const calls: string[] = [];
  const activities: Partial<Activities> = {
    async pretrainRound() {
      calls.push("round");
      await held;
      return { step: 40, loss: 1.5, state: "running" };
    },
    publishEncoder() {
      calls.push("publish");
      return Promise.resolve({ step: 40, loss: 1.5, state: "finished", encoder });
    },
  };
  await withActivities(activities, async () => {
    const handle = await start("stopped");
    await expect.poll(() => calls).toEqual(["round"]);
    await handle.executeUpdate(stopUpdate);
    release();
    expect(await handle.result()).toMatchObject({ state: "stopped", step: 40, encoder });
    expect(await handle.query(campaignProgressQuery)).toMatchObject({ rounds: [{ step: 40 }] });
  });
  expect(calls).toEqual(["round", "publish"]);
});

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { DeterminismViolationError } from "@temporalio/workflow";
import { Worker } from "@temporalio/worker";
import { expect, test } from "vitest";
import { workflowBundle } from "../support/temporal.ts";

const folder = new URL("../fixtures/histories/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), "utf8"));

/** A recorded run must still be a possible run; if not, the change needs `patched()`. */
test.each(files)("still replays %s", async (file) => {
  await Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, read(file));
});

test("has a recorded history of every workflow", () => {
  const types = files.map((file) => {
    const { events } = read(file) as {
      events: { workflowExecutionStartedEventAttributes?: { workflowType: { name: string } } }[];
    };
    return events[0]?.workflowExecutionStartedEventAttributes?.workflowType.name;
  });
  expect(new Set(types)).toEqual(
    new Set([
      ...["sampleBatch", "prepareScan", "analyseScan", "pretrainCampaign", "fineTuneSegmentation"],
    ]),
  );
});

test("would notice a workflow that does something else", async () => {
  const changed = JSON.parse(
    JSON.stringify(read("prepare-scan.json")).replaceAll('"name":"downscale"', '"name":"upscale"'),
  ) as unknown;
  await expect(
    Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, changed),
  ).rejects.toThrow(DeterminismViolationError);
});

test("replays at all only with one protobufjs under all of Temporal's packages", () => {
  const from = (name: string) =>
    createRequire(createRequire(import.meta.url).resolve(name)).resolve("protobufjs");
  const copies = ["common", "proto", "worker", "client"].map((name) => from(`@temporalio/${name}`));
  expect(new Set(copies).size).toBe(1);
});

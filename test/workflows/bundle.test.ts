import { expect, test } from "vitest";
import { workflowBundle } from "../support/temporal.ts";

test("workflows bundle for the sandbox, and bring nothing heavy with them", async () => {
  const { code } = await workflowBundle();
  for (const name of [
    "sampleBatch",
    "prepareScan",
    "analyseScan",
    "pretrainCampaign",
    "fineTuneSegmentation",
  ]) {
    expect(code).toContain(name);
  }
  expect(code).not.toMatch(/tfjs|zarrita|node_modules\/(minio|ajv|pngjs)\//);
  expect(code.length).toBeLessThan(2_500_000);
}, 60_000);

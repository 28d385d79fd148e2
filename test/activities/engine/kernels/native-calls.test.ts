import { beforeAll, expect, test } from "vitest";
import { openBackend } from "../../../../activities/engine/graph/open-backend.ts";
import { eagerRunner } from "../../../../domain/training/eager-runner.ts";
import { useTensorFlow } from "../../../support/tensorflow.ts";
import { createSortingStep } from "../graph/sorting-step.ts";

beforeAll(async () => {
  await useTensorFlow();
});

test("a step of sorting with ResNet-18 and Adam takes at most 400 calls of TensorFlow", async () => {
  // The number does not depend on sizes; the goal's are 12 slices of 128² and width 64.
  const step = createSortingStep({ encoder: { kind: "resnet18", width: 4 }, batch: 12, size: 32 });
  const runner = eagerRunner(step.program);
  const backend = openBackend();
  const { binding } = backend;
  const calls: string[] = [];
  const executeOp: typeof binding.executeOp = (op, ...rest) => {
    calls.push(op);
    return binding.executeOp(op, ...rest);
  };
  backend.binding = Object.create(binding, { executeOp: { value: executeOp } }) as typeof binding;
  try {
    for (const k of [1, 2, 3]) {
      calls.length = 0; // the first step also sets up what Adam keeps
      await runner.step(step.inputs(k));
    }
  } finally {
    backend.binding = binding;
  }
  expect(calls.filter((op) => op === "Conv2D").length).toBe(20);
  expect(calls.filter((op) => op === "ResourceApplyAdam").length).toBe(62);
  expect(calls.length).toBeLessThanOrEqual(400);
  step.dispose();
});

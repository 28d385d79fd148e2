import { beforeAll, expect, test } from "vitest";
import { useTensorFlow } from "../../support/tensorflow.ts";
import { compareWithTorch } from "../../support/torch-resnet.ts";

beforeAll(async () => {
  await useTensorFlow();
});

// Torch's numbers are committed; `test/long/remake-fixtures.test.ts` makes them anew.
test.each([
  ["resnet18", 60],
  ["resnet34", 108],
  ["resnet50", 159],
] as const)("%s has torchvision's features, and its gradients", (kind, parameters) => {
  const distances = compareWithTorch(kind);
  expect(distances.size).toBe(5 + 2 + 2 + parameters);
  expect([...distances].filter(([, distance]) => !(distance <= 1e-4))).toEqual([]);
});

import { beforeAll, expect, test } from "vitest";
import { useTensorFlow } from "../support/tensorflow.ts";
import { compareWithTorch } from "../support/torch-resnet.ts";

beforeAll(async () => {
  await useTensorFlow();
});

test("resnet152 has torchvision's features, and its gradients", () => {
  const distances = compareWithTorch("resnet152");
  expect(distances.size).toBe(5 + 2 + 2 + 465);
  expect([...distances].filter(([, distance]) => !(distance <= 1e-4))).toEqual([]);
}, 300_000);

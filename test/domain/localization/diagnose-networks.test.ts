import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { diagnoseRotationNetwork } from "../../../domain/localization/diagnose-rotation-network.ts";
import { diagnoseSortingNetwork } from "../../../domain/localization/diagnose-sorting-network.ts";
import { drain } from "../../../domain/localization/drain.ts";
import { specimenRange } from "../../../domain/localization/specimen-range.ts";
import type { View } from "../../../domain/localization/view.ts";
import { createRotationNetwork } from "../../../domain/pretexts/pretext-network.ts";
import type { RotationNetwork, SortingNetwork } from "../../../domain/pretexts/pretext-network.ts";
import { warnShortcut } from "../../../domain/pretexts/warn-shortcut.ts";
import { ballView } from "../../support/views.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const shape = { imageSize: 16, windowSize: 8, slicesPerBatch: 6, seed: 1 };

/** A tube whose wall gets brighter along z, with a ball in its middle. */
function walled(seed: number): View {
  const view = ballView(32, 7, seed);
  const data = view.values.data.slice();
  for (let z = 0; z < 32; z++) for (let y = 0; y < 32; y++) data[(z * 32 + y) * 32] = z / 8;
  return { ...view, values: { ...view.values, data } };
}

/** Scores slices by one thing that they show. */
function reading(score: (images: tf.Tensor4D) => tf.Tensor1D): SortingNetwork {
  return { pretext: "sorting", score } as unknown as SortingNetwork;
}

const byWall = reading((x) => tf.tidy(() => x.slice([0, 0, 0, 0], [-1, -1, 1, 1]).sum([1, 2, 3])));

test("a network that reads the wall is found out: outside the specimen, and with the rim masked", async () => {
  const views = [walled(1), walled(2)];
  const found = await drain(diagnoseSortingNetwork(byWall, views, shape));
  expect(found!.all).toBeLessThan(0.3);
  expect(found!.outside!).toBeLessThan(0.3);
  expect(found!.masked!).toBeGreaterThan(1);
  const warnings = warnShortcut(found!).join("\n");
  expect(warnings).toContain("told from the container");
  expect(warnings).toContain("told from the rim");
});

test("views with fewer slices than a batch cannot be judged", async () => {
  const steps = diagnoseSortingNetwork(byWall, [ballView(5, 2, 1)], shape);
  expect(await drain(steps)).toBeUndefined();
});

/** Certain of every angle wherever the middle of a window is bright, and of nothing elsewhere. */
function seeing(): RotationNetwork {
  const network = createRotationNetwork(
    { pretext: "rotation", encoder: "window-net", width: 1 },
    1,
  );
  return {
    ...network,
    embed: (x) => tf.tidy(() => x.mean<tf.Tensor2D>([1, 2])),
    compare: (a) =>
      tf.tidy(() => {
        const certain = a.greater(0.8).toFloat().mul<tf.Tensor2D>(9);
        return tf.concat2d(
          [0, 1, 0, 1, 0, 1, 0].map((k) => certain.mul<tf.Tensor2D>(k)),
          1,
        );
      }),
  };
}

test.each(["windows", "slices"] as const)(
  "certainty in the specimen and not in the background is what there should be (%s)",
  async (view) => {
    const views = [ballView(32, 7, 1)];
    const found = await drain(diagnoseRotationNetwork(seeing(), views, { ...shape, view }));
    if (view === "windows") {
      expect(found!.tta!.specimen).toBeGreaterThan(0.25);
      expect(found!.tta!.background).toBeLessThan(0.2);
      expect(found!.tta!.auc).toBeGreaterThan(0.8);
    }
    expect(found!.p0.background).toBeLessThan(0.2);
  },
);

test("where there is no specimen there is nothing to compare", async () => {
  const flat: View = { ...ballView(24, 1, 1) };
  const data = new Float32Array(24 ** 3);
  const empty = { ...flat, values: { ...flat.values, data } };
  expect(specimenRange(empty)).toBeUndefined();
  const steps = diagnoseRotationNetwork(seeing(), [empty], { ...shape, view: "windows" });
  expect(await drain(steps)).toBeUndefined();
});

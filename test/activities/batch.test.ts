import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createBatchActivities } from "../../activities/batch.ts";
import { toJson } from "../../activities/stage/manifests.ts";
import { createMemoryStore } from "../../activities/stores/memory-store.ts";
import { resolveBatch } from "../../cli/resolve-batch.ts";
import { CorruptData, InvalidInput, NotFound } from "../../domain/errors.ts";
import { keys } from "../../schemas/names.ts";
import type { BatchStatus } from "../../schemas/result.ts";
import type { VolumeRef } from "../../schemas/volume.ts";

const status = JSON.parse(
  readFileSync(new URL("../../schemas/examples/batch-status.json", import.meta.url), "utf8"),
) as BatchStatus;
const box = [[1, 2], [3, 4], [5, 6]]; // prettier-ignore

async function world(given: object = {}) {
  const store = createMemoryStore();
  const scans = [
    { id: "A", source: "a.tif", truth: { box } },
    { id: "B", source: "b.tif", labels: "b-labels.tif", box },
  ];
  const { spec } = resolveBatch({ batch: "b", scans, ...given }, "/data");
  await store.put("spec.json", toJson(spec));
  return { store, activities: createBatchActivities({ store }) };
}

describe("readBatch", () => {
  it("says of each scan what the workflow needs: labels, a box by hand, the model", async () => {
    const { activities } = await world({ segment: { model: "organs" } });
    expect(await activities.readBatch({ batch: "b", spec: "spec.json", resume: false })).toEqual({
      scans: [
        { scan: "A", withLabels: false },
        { scan: "B", withLabels: true, byHand: box },
      ],
      model: "organs",
      refineFrom: 4,
    });
  });

  it("has nothing refined where windows do not localize or the batch says so", async () => {
    for (const localize of [{ refine: false }, { method: "energy" }, { method: "rotation" }]) {
      const { activities } = await world({ localize });
      const plan = await activities.readBatch({ batch: "b", spec: "spec.json", resume: false });
      expect(plan).not.toHaveProperty("refineFrom");
    }
  });

  it("says where margins are to come from a calibration", async () => {
    const plans = [{ margin: "conformal" }, { margin: 0.1 }].map(async (localize) =>
      (await world({ localize })).activities.readBatch({
        ...{ batch: "b", spec: "spec.json", resume: false },
      }),
    );
    expect((await Promise.all(plans)).map(({ conformal }) => conformal)).toEqual([true, undefined]);
  });

  it("brings the end of the last run only where that is continued", async () => {
    const { activities } = await world();
    const input = { batch: status.batch, spec: "spec.json" };
    expect(await activities.readBatch({ ...input, resume: true })).not.toHaveProperty("earlier");
    await activities.saveBatch(status);
    expect(await activities.readBatch({ ...input, resume: false })).not.toHaveProperty("earlier");
    expect((await activities.readBatch({ ...input, resume: true })).earlier).toEqual(status);
  });

  it("fails for a specification or a last run that is not there or makes no sense", async () => {
    const { store, activities } = await world();
    const input = { batch: "b", resume: true };
    await expect(activities.readBatch({ ...input, spec: "other.json" })).rejects.toThrow(NotFound);
    await store.put(keys.batchResult("b"), toJson({ batch: "b", outcome: "lost", scans: [] }));
    await expect(activities.readBatch({ ...input, spec: "spec.json" })).rejects.toThrow("/outcome");
  });
});

it("saveBatch stores no status that no one could read", async () => {
  const { store, activities } = await world();
  await expect(activities.saveBatch({ ...status, extra: 1 } as BatchStatus)).rejects.toThrow(
    InvalidInput,
  );
  expect(await store.get(keys.batchResult(status.batch))).toBeUndefined();
});

describe("checkLabels", () => {
  const volume: VolumeRef = {
    digest: "a".repeat(64),
    shape: [4, 5, 6],
    dtype: "uint16",
    voxelSizeUm: [1, 1, 1],
  };

  it("accepts whole numbers on the scan's grid, of another type and voxel size", async () => {
    const { activities } = await world();
    const labels: VolumeRef = { ...volume, dtype: "int8", voxelSizeUm: [2, 2, 2] };
    await expect(activities.checkLabels({ scan: "A", volume, labels })).resolves.toBeUndefined();
  });

  it("refuses another shape and fractions, and names the scan", async () => {
    const { activities } = await world();
    const other: VolumeRef = { ...volume, shape: [4, 6, 5] };
    const shapes = activities.checkLabels({ scan: "A", volume, labels: other });
    await expect(shapes).rejects.toThrow(CorruptData);
    await expect(shapes).rejects.toThrow("A: the labels have shape 4×6×5, the scan 4×5×6");
    const fractions = activities.checkLabels({
      scan: "A",
      volume,
      labels: { ...volume, dtype: "float32" },
    });
    await expect(fractions).rejects.toThrow(InvalidInput);
  });
});

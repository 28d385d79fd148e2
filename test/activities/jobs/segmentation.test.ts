import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTrainSegmentationJob } from "../../../activities/jobs/train-segmentation.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { toJson } from "../../../activities/stage/manifests.ts";
import { readLevel } from "../../../activities/volumes/read-box.ts";
import { volumeInfo } from "../../../activities/volumes/volume-info.ts";
import { InvalidInput, NotFound } from "../../../domain/errors.ts";
import { confusion, intersectionOverUnion } from "../../../domain/segmentation/confusion.ts";
import type { Box, Dtype, Grid } from "../../../domain/volumes/shape.ts";
import { keys } from "../../../schemas/names.ts";
import type { ScanStatus } from "../../../schemas/result.ts";
import type { CropResult, SegmentationModelResult } from "../../../schemas/stages.ts";
import { writeVolume } from "../../support/random-volume.ts";
import { addonPath } from "../engine/addon.ts";
import { asActivity } from "../stage/fake-stage.ts";
import { inProcess } from "./in-process.ts";
import { blobScan, niftiBytes } from "./write-scan.ts";

const SIDE = 40;
/** The labels of the blob; classes are counted from 0, labels are whatever people use. */
const LABEL = 3;
const region: Box = [[6, 34], [8, 40], [2, 32]]; // prettier-ignore

describe("from labelled crops to a model to labels", () => {
  let world: Awaited<ReturnType<typeof inProcess>>;
  let folder: string;
  let model: SegmentationModelResult;
  const crops: CropResult[] = [];
  const ids = ["A", "B", "C"];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "microtome-test-"));
    for (const [seed, id] of ids.entries()) {
      const { grid, box } = blobScan(SIDE, seed);
      const labels = Uint8Array.from(grid.data, (_, i) => {
        const at = [Math.floor(i / SIDE ** 2), Math.floor(i / SIDE) % SIDE, i % SIDE];
        return box.every(([lo, hi], axis) => lo <= at[axis]! && at[axis]! < hi) ? LABEL : 0;
      });
      await writeFile(join(folder, `${id}.nii`), niftiBytes(grid, [1, 1, 1]));
      const file = niftiBytes({ shape: grid.shape, data: labels }, [1, 1, 1]);
      await writeFile(join(folder, `${id}-labels.nii`), file);
    }
    const scans = ids.map((id) => ({
      source: join(folder, `${id}.nii`),
      labels: join(folder, `${id}-labels.nii`),
    }));
    world = await inProcess({ scans }, { addon: await addonPath() });
    const statuses: ScanStatus[] = [];
    for (const scan of ids) {
      const prepared = await world.prepare(scan);
      const box = structuredClone(region) as unknown as NonNullable<ScanStatus["box"]>;
      const margin: typeof box = [[0, 0], [0, 0], [0, 0]]; // prettier-ignore
      const { result } = await asActivity(() =>
        world.activities.crop({
          ...{ batch: "b", scan, volume: prepared.volume, box, margin, confidence: 1 },
          reconcile: "a".repeat(64),
        }),
      );
      crops.push(result);
      statuses.push({
        ...{ scan, state: "settled", outcome: "cropped", box, margin, prepared },
        crop: result.crop,
      });
    }
    await world.activities.saveBatch({ batch: "b", outcome: "completed", scans: statuses });
    const spec = {
      model: "blobs",
      batch: "b",
      steps: 40,
      batchSize: 4,
      imageSize: 32,
      rate: 0.004,
    };
    await world.store.put("model.json", toJson(spec));
    const resolved = await world.activities.resolveSegmentation({
      model: "blobs",
      spec: "model.json",
    });
    model = (await asActivity(() => world.activities.trainSegmentation(resolved))).result;
    await world.activities.publishModel({ model: "blobs", key: model.model });
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("holds a whole scan out and measures on that alone", () => {
    expect(model.classes).toEqual([0, LABEL]);
    expect(model.validationScans).toHaveLength(1);
    expect([...model.trainingScans, ...model.validationScans].sort()).toEqual(ids);
    expect(Object.keys(model.iou)).toEqual(["0", "3"]);
    expect(model.meanIou).toBe(model.iou["3"]);
    expect(model.meanIou).toBeGreaterThan(0.6);
  });

  it("writes labels on the crop's grid, with the values that people gave, as well as it measured", async () => {
    const held = ids.indexOf(model.validationScans[0]!);
    const done = await asActivity(() =>
      world.activities.applySegmentation({
        ...{ batch: "b", scan: ids[held]!, model: "blobs" },
        crop: crops[held]!.crop,
      }),
    );
    const prefix = keys.labels(done.result.labels);
    const labels = await readLevel(world.store, prefix, 0);
    expect(labels.shape).toEqual(crops[held]!.shape);
    expect(labels.data).toBeInstanceOf(Uint8Array);
    expect([...new Set(labels.data)].sort()).toEqual([0, LABEL]);
    const counts = [0, LABEL].map((label) => labels.data.filter((v) => v === label).length);
    expect(done.result.voxels).toEqual({ 0: counts[0], [LABEL]: counts[1] });
    const info = await volumeInfo(world.store, prefix);
    expect(info).toMatchObject({ name: `${ids[held]} labels`, downsampling: "mode" });
    expect(info.record).toMatchObject({ model: model.model, crop: crops[held]!.crop });

    const { box } = blobScan(SIDE, held);
    const truth = Uint8Array.from(labels.data, (_, i) => {
      const [, h, w] = labels.shape;
      const at = [Math.floor(i / (h * w)), Math.floor(i / w) % h, i % w];
      return box.every(([lo, hi], axis) => {
        const here = at[axis]! + region[axis]![0];
        return lo <= here && here < hi;
      })
        ? 1
        : 0;
    });
    const found = labels.data.map((v) => (v === LABEL ? 1 : 0));
    const [, iou] = intersectionOverUnion(confusion(truth, found, 2));
    expect(iou).toBeCloseTo(model.iou["3"]!, 6);
  });

  it("cannot be applied to a crop, or as a model, that is not there", async () => {
    const about = { batch: "b", scan: "A" };
    const none = "9".repeat(64);
    const apply = (input: { crop: string; model: string }) =>
      asActivity(() => world.activities.applySegmentation({ ...about, ...input }));
    await expect(apply({ crop: none, model: "blobs" })).rejects.toMatchObject({ type: "NotFound" });
    await expect(apply({ crop: crops[0]!.crop, model: none })).rejects.toMatchObject({
      type: "NotFound",
    });
  });
});

describe("labels that cannot be learned from are refused before training", () => {
  const crop = "c".repeat(64);
  const labels = "d".repeat(64);

  async function train(data: Grid["data"], dtype: Dtype, encoder: object | null = null) {
    const store = createMemoryStore();
    const shape = [2, 8, 8] as const;
    const image = Uint16Array.from({ length: 128 }, (_, i) => i);
    await writeVolume(store, keys.crop(crop), { shape, data: image }, "uint16");
    await writeVolume(store, keys.volume(labels), { shape, data }, dtype);
    const job = createTrainSegmentationJob({ store, addon: await addonPath() });
    const input = {
      key: "e".repeat(64),
      parts: { stage: "segment", version: 1, parameters: {}, inputs: {} },
      crops: [{ scan: "A", crop, labels, region: [[0, 2], [0, 8], [0, 8]] }], // prettier-ignore
      encoder,
      parameters: {
        ...{ architecture: "unet", steps: 1, batchSize: 1, rate: 0.001, imageSize: 32 },
        ...{ validationFraction: 0.25, seed: 0 },
      },
    };
    return job(input as never, { signal: new AbortController().signal, progress: () => {} });
  }
  const ramp = (from: number, step = 1) => Array.from({ length: 128 }, (_, i) => from + i * step);

  it.each([
    ["nothing but background", Uint8Array.from(ramp(0, 0)), "uint8", "nothing but background"],
    [
      "negative ones",
      Int16Array.from(ramp(-1)),
      "int16",
      "The labels hold -1, expected 0 to 65535",
    ],
    ["too large ones", Uint32Array.from(ramp(0, 2000)), "uint32", "expected 0 to 65535"],
    ["too many", Uint8Array.from(ramp(0)), "uint8", "more than 64 different values"],
  ] as const)("%s", async (_what, data, dtype, message) => {
    const training = train(data, dtype);
    await expect(training).rejects.toThrow(InvalidInput);
    await expect(training).rejects.toThrow(message);
  });

  it("and so is an encoder that is not there", async () => {
    const data = Uint8Array.from(ramp(0), (v) => v % 2);
    await expect(train(data, "uint8", { key: "f".repeat(64) })).rejects.toThrow(NotFound);
  });
});

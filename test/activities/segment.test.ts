import { describe, expect, it } from "vitest";
import { createSegmentActivities, type ResolvedSegmentation } from "../../activities/segment.ts";
import { contentKey } from "../../activities/stage/content-key.ts";
import { readDocument } from "../../activities/stage/documents.ts";
import { toJson } from "../../activities/stage/manifests.ts";
import { InvalidInput, NotFound } from "../../domain/errors.ts";
import { keys } from "../../schemas/names.ts";
import type { BatchStatus, ScanStatus } from "../../schemas/result.ts";
import type { EncoderRef, VolumeRef } from "../../schemas/volume.ts";
import { asActivity, fakeDeps, fakeRunner } from "./stage/fake-stage.ts";

const hex = (letter: string) => letter.repeat(64);
const volume = (letter: string): VolumeRef => ({
  digest: hex(letter),
  shape: [20, 30, 40],
  dtype: "uint16",
  voxelSizeUm: [1, 1, 1],
});
const slices: EncoderRef = {
  key: hex("e"),
  view: "slices",
  pretext: "sorting",
  encoder: "resnet18",
};

function scan(id: string, change: Partial<ScanStatus> = {}): ScanStatus {
  return {
    scan: id,
    state: "settled",
    outcome: "cropped",
    crop: hex("c"),
    box: [[2, 18], [3, 27], [0, 40]], // prettier-ignore
    margin: [[1, 1], [5, 2], [2, 2]], // prettier-ignore
    prepared: {
      scan: id,
      volume: volume("a"),
      shapes: [[20, 30, 40]],
      view: { key: hex("b"), level: 0, bin: 2, shape: [10, 15, 20], container: "none" },
      labels: volume("d"),
    },
    ...change,
  };
}

async function world(given: object = {}) {
  const runner = fakeRunner(({ input }) => ({ result: { input }, outputs: [] }));
  const deps = fakeDeps(runner);
  const activities = createSegmentActivities(deps);
  await deps.store.put("spec.json", toJson({ model: "m", batch: "b", ...given }));
  return {
    ...activities,
    store: deps.store,
    runner,
    finish: (scans: ScanStatus[], outcome: BatchStatus["outcome"] = "completed") =>
      deps.store.put(keys.batchResult("b"), toJson({ batch: "b", outcome, scans })),
    resolve: () => activities.resolveSegmentation({ model: "m", spec: "spec.json" }),
  };
}

describe("resolveSegmentation", () => {
  it("looks up crops and labels, and the region of each crop clipped to its volume", async () => {
    const given = await world({ steps: 9 });
    const unlabelled = scan("B");
    delete unlabelled.prepared!.labels;
    const whole = scan("C", { outcome: "kept-whole" });
    delete whole.crop;
    await given.finish([scan("A"), unlabelled, whole]);
    const { spec, key } = await given.resolve();
    const resolved = await readDocument<ResolvedSegmentation>(given.store, spec);
    expect(spec).toBe(`models/${key}/spec.json`);
    expect(contentKey(resolved.parts)).toBe(key);
    expect(resolved.crops).toEqual([
      {
        scan: "A",
        crop: hex("c"),
        labels: hex("d"),
        region: [[1, 19], [0, 29], [0, 40]], // prettier-ignore
      },
    ]);
    expect(resolved.encoder).toBeNull();
    expect(resolved.parameters).toMatchObject({ steps: 9, batchSize: 8, imageSize: 96, seed: 0 });
  });

  it("gives another key for other steps, crops, labels or encoder, not for another name", async () => {
    const keyOf = async (given: object, change: Partial<ScanStatus> = {}) => {
      const one = await world(given);
      await one.finish([scan("A", change)]);
      await one.store.put(keys.latestEncoder("fish", "slices"), toJson(slices));
      return (await one.resolve()).key;
    };
    const base = await keyOf({});
    expect(await keyOf({ model: "other" })).toBe(base);
    const others = [
      await keyOf({ steps: 2 }),
      await keyOf({ encoder: "latest:fish" }),
      await keyOf({}, { crop: hex("f") }),
      await keyOf({}, { margin: [[0, 0], [0, 0], [0, 0]] }), // prettier-ignore
    ];
    expect(new Set([base, ...others]).size).toBe(5);
  });

  it("refuses a batch that is not there, not finished, or has nothing to learn from", async () => {
    const given = await world();
    await expect(given.resolve()).rejects.toThrow(NotFound);
    await given.finish([scan("A")], "running");
    await expect(given.resolve()).rejects.toThrow("There is no finished batch b");
    await given.finish([{ scan: "A", state: "settled", outcome: "failed" }]);
    await expect(given.resolve()).rejects.toThrow(InvalidInput);
    await expect(given.resolve()).rejects.toThrow("no cropped scan with labels");
  });

  it("refuses an encoder that is not there, or that saw windows", async () => {
    for (const encoder of [hex("9"), "latest:fish", "latest:../x", "nonsense"]) {
      const given = await world({ encoder });
      await given.finish([scan("A")]);
      await expect(given.resolve(), encoder).rejects.toThrow(/no encoder|Store key/);
    }
    const given = await world({ encoder: "latest:fish" });
    await given.finish([scan("A")]);
    await given.store.put(
      keys.latestEncoder("fish", "slices"),
      toJson({ ...slices, view: "windows" }),
    );
    await expect(given.resolve()).rejects.toThrow("pretrained on windows");
  });

  it("refuses a specification that its schema refuses", async () => {
    const given = await world({ imageSize: 40 });
    await given.finish([scan("A")]);
    await expect(given.resolve()).rejects.toThrow("/imageSize: got 40");
  });
});

describe("a model", () => {
  const crop = { batch: "b", scan: "A", crop: hex("c") };

  it("is trained under the key that it was resolved to", async () => {
    const given = await world();
    await given.finish([scan("A")]);
    const resolved = await given.resolve();
    const done = await asActivity(() => given.trainSegmentation(resolved));
    expect(done.key).toBe(resolved.key);
    expect(given.runner.calls[0]).toMatchObject({
      name: "train-segmentation",
      input: { key: resolved.key, encoder: null },
    });
  });

  it("is applied by its name or its key, to the same result", async () => {
    const given = await world();
    const byKey = () => asActivity(() => given.applySegmentation({ ...crop, model: hex("7") }));
    const byName = () => asActivity(() => given.applySegmentation({ ...crop, model: "organs" }));
    await expect(byName()).rejects.toMatchObject({
      type: "NotFound",
      message: "There is no segmentation model organs",
    });
    await given.publishModel({ model: "organs", key: hex("7") });
    const first = await byName();
    expect(await byKey()).toEqual({ ...first, reused: true });
    expect(given.runner.calls[0]?.input).toMatchObject({ crop: hex("c"), model: hex("7") });
    await given.publishModel({ model: "organs", key: hex("8") });
    expect((await byName()).key).not.toBe(first.key);
  });
});

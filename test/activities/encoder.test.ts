import { describe, expect, it } from "vitest";
import { createEncoderActivities } from "../../activities/encoder.ts";
import { pretrainParts } from "../../activities/pretrain-key.ts";
import { contentKey } from "../../activities/stage/content-key.ts";
import { readDocument } from "../../activities/stage/documents.ts";
import { commitManifest, toJson } from "../../activities/stage/manifests.ts";
import { createMemoryStore } from "../../activities/stores/memory-store.ts";
import { resolveBatch } from "../../cli/resolve-batch.ts";
import { NotFound } from "../../domain/errors.ts";
import type { ResolvedBatch } from "../../schemas/batch.ts";
import { keys } from "../../schemas/names.ts";
import type { CampaignSpec } from "../../schemas/stages.ts";
import type { EncoderRef } from "../../schemas/volume.ts";
import { listAll } from "./stores/conformance.ts";

const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;
const hex = (letter: string) => letter.repeat(64);
const windows = (letter: string): EncoderRef => ({
  key: hex(letter),
  view: "windows",
  pretext: "rotation",
  encoder: "window-net",
});
const sorting: EncoderRef = { ...windows("5"), pretext: "sorting" };
const scansOf = (n: number) =>
  Array.from({ length: n }, (_, i) => ({ scan: `S${i}`, key: hex(String(i)) }));

/** A store with a batch, and the activities on it. */
async function world(given: { pretrain?: object; localize?: object } = {}) {
  const store = createMemoryStore();
  const activities = createEncoderActivities({ store });
  const spec = resolveBatch({ batch: "b", scans: [{ source: "x.tif" }], ...given }, "/").spec;
  await store.put("spec.json", toJson(spec));
  return {
    store,
    spec,
    pin: (encoder: EncoderRef, scans = ["S0"]) =>
      activities.pinEncoder({ batch: "b", spec: "spec.json", encoder, scans }),
    latest: async (encoder: EncoderRef) => {
      const { view, pretext } = encoder;
      await store.put(keys.latestEncoder("default", view), toJson(encoder));
      await store.put(keys.latestEncoder("default", view, pretext), toJson(encoder));
    },
    choose: (scans = 4, repretrain = false) =>
      activities.chooseEncoder({
        batch: "b",
        spec: "spec.json",
        scans: scansOf(scans),
        repretrain,
      }),
    respecify: async (pretrain: Partial<ResolvedBatch["pretrain"]>) => {
      await store.put(
        "spec.json",
        toJson({ ...spec, pretrain: { ...spec.pretrain, ...pretrain } }),
      );
    },
  };
}

/** A manifest of a pretraining that has ended. */
async function trained(
  { store, spec }: Awaited<ReturnType<typeof world>>,
  scans: number,
  result: { state: string; encoder?: EncoderRef },
) {
  const views = scansOf(scans).map(({ key }) => key);
  const parts = pretrainParts(spec.pretrain, views.reverse());
  const key = contentKey(parts);
  await commitManifest(store, {
    stage: "pretrain",
    key,
    parts,
    result: { step: 600, loss: 1, ...result },
    outputs: [],
    run: { startedAt: "2026-01-01T00:00:00Z", seconds: 1, host: "h", attempt: 1 },
  });
  return key;
}

describe("a batch gets its encoder", () => {
  it("not at all, where energy is asked for: whatever there is", async () => {
    const given = await world({ localize: { method: "energy" } });
    await given.pin(windows("a"));
    await given.latest(windows("b"));
    expect(await given.choose(10)).toMatchObject({
      kind: "none",
      reason: matching(/energy localizer/),
    });
  });

  it("with the refinement pinned beside it, where that is what is asked for", async () => {
    const pinned = async (localize: object) => {
      const given = await world();
      await given.pin(windows("a"));
      const about = { batch: "b", spec: "spec.json", encoder: windows("a"), scans: ["S0"] };
      await createEncoderActivities(given).pinRefiner({ ...about, refiner: hex("9") });
      await given.store.put(
        "spec.json",
        toJson({ ...given.spec, localize: { ...given.spec.localize, ...localize } }),
      );
      return given.choose();
    };
    expect(await pinned({})).toMatchObject({ encoder: windows("a"), refiner: hex("9") });
    for (const localize of [{ refine: false }, { refineSteps: 7 }, { stride: 3 }]) {
      const choice = await pinned(localize);
      expect(choice).toMatchObject({ encoder: windows("a") });
      expect(choice).not.toHaveProperty("refiner");
    }
  });

  it("by the key that names it, ahead of a pin and of the latest", async () => {
    const given = await world({ pretrain: { from: hex("c") } });
    await given.pin(windows("a"));
    await given.latest(windows("b"));
    const parts = { stage: "pretrain" as const, version: 1, parameters: {}, inputs: {} };
    await given.store.put(
      keys.manifest("pretrain", hex("c")),
      toJson({
        stage: "pretrain",
        key: hex("c"),
        parts,
        result: { state: "finished", encoder: windows("c") },
        outputs: [],
        run: { startedAt: "", seconds: 1, host: "h", attempt: 1 },
      }),
    );
    expect(await given.choose(1)).toMatchObject({ kind: "use", encoder: windows("c") });
  });

  it.each([hex("d"), "not-a-key", "../../secrets"])(
    "or is told that there is none of that key: %s",
    async (from) => {
      const given = await world({ pretrain: { from } });
      await expect(given.choose()).rejects.toThrow(NotFound);
      await expect(given.choose()).rejects.toThrow(`There is no encoder ${from}`);
    },
  );

  it("as the collection's latest where that is named, or NotFound", async () => {
    const given = await world({ pretrain: { from: "latest" } });
    await expect(given.choose()).rejects.toThrow(NotFound);
    await expect(given.choose()).rejects.toThrow(
      "Collection default has no encoder by rotation for windows",
    );
    await given.latest(windows("b"));
    expect(await given.choose()).toMatchObject({ kind: "use", encoder: windows("b") });
  });

  it("but not one that was pretrained to sort, which cannot localize and hides none that can", async () => {
    const given = await world({ pretrain: { from: "latest" } });
    await given.latest(sorting);
    await expect(given.choose()).rejects.toThrow("has no encoder by rotation");
    await given.latest(windows("b"));
    await given.latest(sorting);
    expect(await given.choose()).toMatchObject({ kind: "use", encoder: windows("b") });
  });

  it("from its pin, with more scans, fewer scans and a newer latest", async () => {
    const given = await world();
    await given.pin(windows("a"), ["S0", "S1", "S2"]);
    await given.latest(windows("b"));
    for (const scans of [1, 4, 9]) {
      expect(await given.choose(scans)).toMatchObject({
        kind: "use",
        encoder: windows("a"),
        note: matching(/pinned by this batch \(it saw 3 scans\)/),
      });
    }
  });

  it("from its pin although what does not change a weight has changed", async () => {
    const given = await world();
    await given.pin(windows("a"));
    await given.respecify({ checkpointEvery: 7, minScans: 100 });
    expect(await given.choose()).toMatchObject({ kind: "use", encoder: windows("a") });
  });

  it("not from its pin with other parameters, or when told to pretrain again", async () => {
    const given = await world();
    await given.pin(windows("a"));
    expect(await given.choose(4, true)).toMatchObject({ kind: "train" });
    await given.respecify({ seed: 1 });
    expect(await given.choose()).toMatchObject({ kind: "train" });
  });

  it("from the latest of its collection when it has few scans, and stays with that", async () => {
    const given = await world();
    await given.latest(windows("b"));
    expect(await given.choose(3)).toMatchObject({
      kind: "use",
      encoder: windows("b"),
      note: matching(/^Only 3 of at least 4 scans.*the newest encoder of collection default/),
    });
    await given.latest(windows("e"));
    expect(await given.choose(3)).toMatchObject({ kind: "use", encoder: windows("b") });
    expect(await given.choose(3, true)).toMatchObject({ kind: "use", encoder: windows("e") });
  });

  it("not at all with few scans and no latest that localizes, and it says so", async () => {
    const given = await world();
    const none = {
      kind: "none",
      reason: matching(
        /^Only 3 of at least 4 scans.*no earlier encoder in collection default.*energy/,
      ),
    };
    expect(await given.choose(3)).toMatchObject(none);
    await given.latest(sorting);
    expect(await given.choose(3)).toMatchObject(none);
    await given.latest({ ...windows("f"), view: "slices" });
    expect(await given.choose(3)).toMatchObject(none);
    expect(await listAll(given.store, "batches/")).toEqual([]);
  });

  it("from an earlier pretraining on the same scans in any order, and stays with that", async () => {
    const given = await world();
    const key = await trained(given, 4, { state: "finished", encoder: windows("a") });
    expect(await given.choose()).toMatchObject({
      kind: "use",
      encoder: windows("a"),
      note: `Encoder ${key.slice(0, 12)}, pretrained before on the same scans with the same parameters`,
    });
    // A repaired scan joins: it is analysed with the same encoder.
    expect(await given.choose(5)).toMatchObject({ kind: "use", encoder: windows("a") });
    expect(await given.choose(5, true)).toMatchObject({ kind: "train" });
  });

  it("not at all where the same pretraining stayed at chance before", async () => {
    const given = await world();
    await trained(given, 4, { state: "plateau" });
    expect(await given.choose()).toMatchObject({
      kind: "none",
      reason: matching(/state plateau before/),
    });
  });

  it("else by a campaign, whose specification it writes", async () => {
    const given = await world({ pretrain: { steps: 77, seed: 3 } });
    const choice = await given.choose();
    expect(choice).toMatchObject({
      kind: "train",
      steps: 77,
      note: matching(/^Pretraining on 4 scans/),
    });
    if (choice.kind !== "train") return;
    const spec = await readDocument<CampaignSpec>(given.store, keys.campaignSpec(choice.campaign));
    const key = contentKey(
      pretrainParts(
        given.spec.pretrain,
        scansOf(4).map((s) => s.key),
      ),
    );
    expect(choice.campaign).toBe(`b-${key.slice(0, 12)}`);
    expect(spec).toEqual({
      campaign: choice.campaign,
      key,
      collection: "default",
      parameters: given.spec.pretrain,
      views: scansOf(4),
    });
  });
});

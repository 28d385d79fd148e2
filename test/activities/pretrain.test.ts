import { describe, expect, it } from "vitest";
import { pretrainParts, restartedParts, stoppedParts } from "../../activities/pretrain-key.ts";
import { createPretrainActivities } from "../../activities/pretrain.ts";
import { contentKey } from "../../activities/stage/content-key.ts";
import { findDocument } from "../../activities/stage/documents.ts";
import { readManifest, toJson } from "../../activities/stage/manifests.ts";
import { createMemoryStore } from "../../activities/stores/memory-store.ts";
import { resolveBatch } from "../../cli/resolve-batch.ts";
import { StoreUnavailable } from "../../domain/errors.ts";
import { keys } from "../../schemas/names.ts";
import type { CampaignSpec } from "../../schemas/stages.ts";
import type { EncoderRef } from "../../schemas/volume.ts";
import { asActivity, fakeDeps, fakeRunner } from "./stage/fake-stage.ts";

const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;
const { pretrain } = resolveBatch({ batch: "b", scans: [{ source: "x.tif" }] }, "/").spec;
const views = ["a", "b"].map((letter) => ({ scan: letter, key: letter.repeat(64) }));
const parts = pretrainParts(
  pretrain,
  views.map(({ key }) => key),
);
const key = contentKey(parts);
const spec: CampaignSpec = { campaign: "c", key, collection: "fish", parameters: pretrain, views };
const ref = (own: string): EncoderRef => ({
  key: own,
  view: "windows",
  pretext: "rotation",
  encoder: "window-net",
});

async function world(job: () => unknown, store = createMemoryStore(), given = spec) {
  await store.put(keys.campaignSpec("c"), toJson(given));
  const runner = fakeRunner(job);
  const { pretrainRound, publishEncoder } = createPretrainActivities(fakeDeps(runner, { store }));
  return {
    store,
    runner,
    round: () => asActivity(() => pretrainRound({ campaign: "c", seconds: 60 })),
    publish: () => asActivity(() => publishEncoder({ campaign: "c" })),
    latest: () => findDocument(store, keys.latestEncoder("fish", "windows")),
  };
}

describe("a round", () => {
  it("that leaves more to do commits nothing", async () => {
    const given = await world(() => ({ step: 50, loss: 1.9, state: "running", outputs: [] }));
    expect(await given.round()).toEqual({ step: 50, loss: 1.9, state: "running" });
    expect(given.runner.calls[0]).toMatchObject({
      name: "pretrain",
      input: { spec, seconds: 60, publish: false, parts },
    });
    expect(await readManifest(given.store, "pretrain", key)).toBeUndefined();
    expect(await given.latest()).toBeUndefined();
  });

  it("that finishes commits, becomes the collection's latest, and is not run again", async () => {
    const end = { step: 600, loss: 1.2, accuracy: 0.5, state: "finished", encoder: ref(key) };
    const given = await world(() => ({ ...end, outputs: [] }));
    expect(await given.round()).toEqual(end);
    expect((await readManifest(given.store, "pretrain", key))?.result).toEqual(end);
    expect(await given.latest()).toEqual(ref(key));
    expect(
      await findDocument(given.store, keys.latestEncoder("fish", "windows", "rotation")),
    ).toEqual(ref(key));
    expect(await given.round()).toEqual(end);
    expect(given.runner.calls).toHaveLength(1);
  });

  it("on a plateau is remembered, without an encoder", async () => {
    const end = { step: 500, loss: 1.95, state: "plateau" };
    const given = await world(() => ({ ...end, outputs: [] }));
    expect(await given.round()).toEqual(end);
    expect((await readManifest(given.store, "pretrain", key))?.result).toEqual(end);
    expect(await given.latest()).toBeUndefined();
  });

  it("whose commit is interrupted is the latest all the same once it is repeated", async () => {
    const store = createMemoryStore();
    let away = true;
    const flaky = {
      ...store,
      async putIfAbsent(name: string, bytes: Uint8Array) {
        if (away) throw new StoreUnavailable("the store went away");
        return store.putIfAbsent(name, bytes);
      },
      async put(name: string, bytes: Uint8Array) {
        return store.put(name, bytes);
      },
    };
    const end = { step: 600, loss: 1.2, state: "finished", encoder: ref(key) };
    const given = await world(() => ({ ...end, outputs: [] }), flaky);
    await expect(given.round()).rejects.toMatchObject({ type: "StoreUnavailable" });
    away = false;
    await given.round();
    expect(await given.latest()).toEqual(ref(key));
    expect(await readManifest(store, "pretrain", key)).toBeDefined();
  });

  it("of a specification whose key is not its own is refused", async () => {
    const wrong = { ...spec, views: views.slice(1) };
    const given = await world(() => ({}), createMemoryStore(), wrong);
    await expect(given.round()).rejects.toMatchObject({
      type: "InvalidInput",
      message: matching(/its key does not belong/),
    });
    expect(given.runner.calls).toEqual([]);
  });
});

it("an encoder that was begun anew has a manifest of its own, and what was asked for points to it", async () => {
  const own = restartedParts(parts, { curriculum: [{ until: 0.5, smooth: 1 }] });
  const anew = contentKey(own);
  const end = { step: 600, loss: 1.2, state: "finished", encoder: ref(anew) };
  const given = await world(() => ({ ...end, parts: own, outputs: [] }));
  expect(await given.round()).toEqual(end);
  expect(await readManifest(given.store, "pretrain", anew)).toMatchObject({
    parts: own,
    result: end,
  });
  expect((await readManifest(given.store, "pretrain", key))?.result).toEqual(end);
});

it("a campaign that is stopped publishes under a name that says where, and leaves the rest open", async () => {
  const stopped = contentKey(stoppedParts(parts, 120));
  const end = { step: 120, loss: 1.5, state: "finished", encoder: ref(stopped) };
  const given = await world(() => ({ ...end, outputs: [] }));
  expect(await given.publish()).toEqual(end);
  expect(given.runner.calls[0]).toMatchObject({ input: { publish: true } });
  expect(await readManifest(given.store, "pretrain", key)).toBeUndefined();
  expect((await readManifest(given.store, "pretrain", stopped))?.result).toEqual(end);
  expect(await given.latest()).toEqual(ref(stopped));
});

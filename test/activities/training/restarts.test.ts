import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, it } from "vitest";
import { toJson } from "../../../activities/stage/manifests.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { currentRestart, nextRestart } from "../../../activities/training/restarts.ts";
import { toPretrainConfig } from "../../../activities/training/to-pretrain-config.ts";
import { resolveBatch } from "../../../cli/resolve-batch.ts";
import { saveEncoder } from "../../../domain/pretexts/encoder-file.ts";
import { createRotationNetwork } from "../../../domain/pretexts/pretext-network.ts";
import { keys } from "../../../schemas/names.ts";
import type { CampaignSpec } from "../../../schemas/stages.ts";
import type { EncoderRef } from "../../../schemas/volume.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const { pretrain } = resolveBatch({ batch: "b", scans: [{ source: "x.tif" }] }, "/").spec;
const parameters = { ...pretrain, width: 2 };
const config = toPretrainConfig(parameters);
const spec: CampaignSpec = {
  ...{ campaign: "c", key: "0".repeat(64), collection: "fish", parameters },
  views: [{ scan: "A", key: "1".repeat(64) }],
};

/** A store in which the collection's latest encoder is this. */
async function withLatest(
  change: Partial<typeof config> = {},
  pretext: EncoderRef["pretext"] = "rotation",
) {
  const store = createMemoryStore();
  const theirs = { ...config, ...change };
  const network = createRotationNetwork(theirs, 1);
  const ref: EncoderRef = { key: "2".repeat(64), view: "windows", pretext, encoder: "window-net" };
  await store.put(
    `${keys.encoder(ref.key)}/encoder.bin`,
    saveEncoder({ config: theirs, step: 9, network }),
  );
  await store.put(keys.latestEncoder("fish", "windows", pretext), toJson(ref));
  network.dispose();
  return store;
}

it("begins anew from the collection's latest encoder, then with easier tasks, then not again", async () => {
  const store = await withLatest();
  expect(await currentRestart(store, spec)).toBeUndefined();
  const first = await nextRestart(store, spec, config, undefined);
  expect(first).toMatchObject({ number: 1, warmStart: "2".repeat(64) });
  expect(await currentRestart(store, spec)).toEqual(first);

  const second = await nextRestart(store, spec, config, first);
  expect(second).toMatchObject({ number: 2, reason: expect.stringMatching(/easier/) as string });
  expect(second!.warmStart).toBeUndefined();
  expect(await currentRestart(store, spec)).toEqual(second);
  const easier = toPretrainConfig(parameters, second);
  expect(easier.curriculum!.length).toBeGreaterThan(0);

  expect(await nextRestart(store, spec, easier, second)).toBeUndefined();
});

it.each([
  ["is of another width", () => withLatest({ width: 3 })],
  ["was pretrained by sorting", () => withLatest({}, "sorting")],
  ["does not exist", () => Promise.resolve(createMemoryStore())],
])("goes straight to easier tasks where the latest encoder %s", async (_, open) => {
  const first = await nextRestart(await open(), spec, config, undefined);
  expect(first).toMatchObject({ number: 1, reason: expect.stringMatching(/easier/) as string });
});

it("does not try what was asked for to begin with", async () => {
  const store = await withLatest();
  const warm = await nextRestart(store, { ...spec, warmStart: "3".repeat(64) }, config, undefined);
  expect(warm!.warmStart).toBeUndefined();
  const taught = { ...config, curriculum: [{ until: 0.5, smooth: 1 }] };
  const cold = await nextRestart(createMemoryStore(), spec, taught, undefined);
  expect(cold).toBeUndefined();
});

it("forgets what was decided for another campaign of the same name", async () => {
  const store = createMemoryStore();
  await nextRestart(store, spec, config, undefined);
  expect(await currentRestart(store, { ...spec, key: "f".repeat(64) })).toBeUndefined();
});

it("keeps to what another attempt decided first", async () => {
  const store = createMemoryStore();
  const [a, b] = await Promise.all([
    nextRestart(store, spec, config, undefined),
    nextRestart(store, spec, config, undefined),
  ]);
  expect(a).toEqual(b);
});

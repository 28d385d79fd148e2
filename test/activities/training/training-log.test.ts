import { expect, it } from "vitest";
import type { ObjectStore } from "../../../activities/deps.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { createTrainingLog, readTrainingLog } from "../../../activities/training/training-log.ts";
import { CorruptData } from "../../../domain/errors.ts";
import { dyingStore, Killed } from "../../support/dying-store.ts";

async function keysOf(store: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list("")) keys.push(key);
  return keys;
}

let clock = 0;
const now = () => (clock += 1000);
const losses = async (store: ObjectStore) =>
  (await readTrainingLog(store, "c")).map(({ step, values }) => [step, values["loss"]]);

it("stores what was added as JSON Lines and as an event file, one pair per flush", async () => {
  const store = createMemoryStore();
  clock = 0;
  const log = createTrainingLog(store, "c", { now });
  await log.flush();
  expect(await keysOf(store)).toEqual([]);
  log.add({ step: 1, loss: 0.5, rate: 1e-3, norm: NaN } as never);
  log.add({ step: 2, loss: 0.25, validation: { step: 2, loss: 0.75, displacement: 2 } } as never);
  await log.flush();
  log.add({ step: 3, loss: 0.125 } as never);
  await log.flush();
  expect(await keysOf(store)).toEqual([
    "campaigns/c/logs/events.out.tfevents.000000001",
    "campaigns/c/logs/events.out.tfevents.000000003",
    "campaigns/c/logs/steps-000000001.jsonl",
    "campaigns/c/logs/steps-000000003.jsonl",
  ]);
  const text = new TextDecoder().decode(await store.get("campaigns/c/logs/steps-000000001.jsonl"));
  expect(text).toBe(
    '{"step":1,"time":"1970-01-01T00:00:01.000Z","loss":0.5,"rate":0.001,"norm":null}\n' +
      '{"step":2,"time":"1970-01-01T00:00:02.000Z","loss":0.25,"validation/loss":0.75,"validation/displacement":2}\n',
  );
  expect(await readTrainingLog(store, "c")).toEqual([
    { step: 1, time: 1000, values: { loss: 0.5, rate: 1e-3, norm: NaN } },
    {
      step: 2,
      time: 2000,
      values: { loss: 0.25, "validation/loss": 0.75, "validation/displacement": 2 },
    },
    { step: 3, time: 3000, values: { loss: 0.125 } },
  ]);
});

it("takes means over steps, each value's over the steps that have it, the rest at a flush", async () => {
  const store = createMemoryStore();
  const log = createTrainingLog(store, "c", { every: 3, now });
  for (let step = 1; step <= 5; step++) {
    log.add({ step, loss: step, ...(step === 2 && { validation: { loss: 7 } }) } as never);
  }
  await log.flush();
  const points = await readTrainingLog(store, "c");
  expect(points.map(({ step, values }) => [step, values])).toEqual([
    [3, { loss: 2, "validation/loss": 7 }],
    [5, { loss: 4.5 }],
  ]);
});

it("forgets what is done again: in memory, in the store, and what another attempt stored", async () => {
  const store = createMemoryStore();
  const first = createTrainingLog(store, "c", { now });
  for (const step of [1, 2, 3]) first.add({ step, loss: step } as never);
  await first.flush();
  for (const step of [4, 5, 6]) first.add({ step, loss: step } as never);
  await first.flush();
  for (const step of [7, 8]) first.add({ step, loss: step } as never);
  await first.flush();

  // Diverged at 9; back to step 5, and once more to step 5 before anything is stored.
  for (const step of [6, 7, 6, 7]) first.add({ step, loss: 10 * step } as never);
  await first.flush();
  expect(await losses(store)).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
    [5, 5],
    [6, 60],
    [7, 70],
  ]);
  expect((await keysOf(store)).filter((key) => key.endsWith("7"))).toEqual([]);
});

it("never shows old steps after new ones, wherever a flush is killed", async () => {
  for (let after = 0; after < 4; after++) {
    const store = createMemoryStore();
    const first = createTrainingLog(store, "c", { now });
    for (const steps of [
      [1, 2, 3],
      [4, 5],
    ]) {
      for (const step of steps) first.add({ step, loss: step } as never);
      await first.flush();
    }
    const second = createTrainingLog(dyingStore(store, after), "c", { now });
    for (const step of [2, 3]) second.add({ step, loss: 10 * step } as never);
    const flushed = second.flush();
    await expect(flushed).rejects.toThrow(Killed);
    const seen = await losses(store);
    const redone = seen.findIndex(([step, loss]) => loss === 10 * step!);
    if (redone >= 0)
      expect(seen.slice(redone).every(([step, loss]) => loss === 10 * step!)).toBe(true);
    expect(seen[0]).toEqual([1, 1]);
  }
});

it("names the line that is damaged", async () => {
  const store = createMemoryStore();
  const key = "campaigns/c/logs/steps-000000001.jsonl";
  await store.put(key, new TextEncoder().encode('{"step":1,"time":"2026-11-25"}\n{"step":2,"ti'));
  const reading = readTrainingLog(store, "c");
  await expect(reading).rejects.toThrow(CorruptData);
  await expect(reading).rejects.toThrow(/steps-000000001\.jsonl, line 2/);
});

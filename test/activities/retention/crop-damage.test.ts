import { expect, test } from "vitest";
import { cropDamage } from "../../../activities/retention/crop-damage.ts";
import { listQuarantine } from "../../../activities/retention/list-quarantine.ts";
import { retainBatch } from "../../../activities/retention/retain-batch.ts";
import { readManifest } from "../../../activities/stage/manifests.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { keys } from "../../../schemas/names.ts";
import { storeBatch, storeScan } from "../../support/stored-scan.ts";

const { signal } = new AbortController();

test("a flipped bit of a crop, which no length shows, speaks against purging its shell", async () => {
  const store = createMemoryStore();
  const { status, crop } = await storeScan(store, "A");
  await storeBatch(store, "night", [status], "quarantine");
  await retainBatch(store, { batch: "night", days: 0, now: new Date(0) }, { signal, progress: () => undefined }); // prettier-ignore
  const [listed] = await listQuarantine(store);
  expect(listed).toMatchObject({ crops: [crop], scans: ["night/A"] });
  expect(await cropDamage(store, [crop], signal)).toBeUndefined();

  const { outputs } = (await readManifest(store, "crop", crop))!;
  const { key } = outputs.find((output) => output.key.includes("/0/c/"))!;
  const bytes = (await store.get(key))!;
  bytes[bytes.length >> 1]! ^= 1;
  await store.put(key, bytes);
  expect((await listQuarantine(store))[0]?.needed).toBeUndefined();
  expect(await cropDamage(store, [crop], signal)).toContain(key);
  await store.delete(keys.manifest("crop", crop));
  expect(await cropDamage(store, [crop], signal)).toMatch(/not whole/);
});

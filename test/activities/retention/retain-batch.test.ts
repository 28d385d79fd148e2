import { beforeEach, describe, expect, it } from "vitest";
import type { ObjectStore } from "../../../activities/deps.ts";
import { findVolume } from "../../../activities/retention/find-volume.ts";
import { listQuarantine } from "../../../activities/retention/list-quarantine.ts";
import { purgeVolume } from "../../../activities/retention/purge-volume.ts";
import { retainBatch } from "../../../activities/retention/retain-batch.ts";
import { sha256 } from "../../../activities/stage/content-key.ts";
import { readManifest } from "../../../activities/stage/manifests.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { NotFound, StoreUnavailable } from "../../../domain/errors.ts";
import { keys } from "../../../schemas/names.ts";
import type { ScanStatus } from "../../../schemas/result.ts";
import type { Progress } from "../../../activities/deps.ts";
import { storeBatch, storeScan, type StoredScan } from "../../support/stored-scan.ts";

const NOW = new Date("2026-11-24T12:00:00.000Z");
const retain = (
  store: ObjectStore,
  batch: string,
  { signal = new AbortController().signal, said = [] as Progress[] } = {},
) =>
  retainBatch(store, { batch, days: 30, now: NOW }, { signal, progress: (p) => void said.push(p) });

let store: ObjectStore;
let a: StoredScan;
let b: StoredScan;
beforeEach(async () => {
  store = createMemoryStore();
  a = await storeScan(store, "A");
  b = await storeScan(store, "B");
});

const place = async ({ digest }: StoredScan) => (await findVolume(store, digest))?.where;

describe("the retention of a settled batch", () => {
  it("moves the whole volumes of cropped scans aside, until so many days from now", async () => {
    const whole: ScanStatus = { ...b.status, outcome: "kept-whole" };
    const failed: ScanStatus = { scan: "C", state: "settled", outcome: "failed" };
    await storeBatch(store, "night", [a.status, whole, failed], "quarantine");
    const said: Progress[] = [];
    expect(await retain(store, "night", { said })).toEqual({
      scans: [{ scan: "A", retained: { state: "quarantined", until: "2026-12-24T12:00:00.000Z" } }],
    });
    expect([await place(a), await place(b)]).toEqual(["quarantined", "volume"]);
    expect(said.at(-1)).toEqual({ fraction: 1, note: "quarantine A (1 of 1)" });
  });

  it("asked again, says the same and moves nothing", async () => {
    await storeBatch(store, "night", [a.status, b.status], "quarantine");
    const first = await retain(store, "night");
    expect(await retain(store, "night")).toEqual(first);
    expect(first.scans).toHaveLength(2);
  });

  it("keeps a volume whose crop is not whole, and says what is missing", async () => {
    await storeBatch(store, "night", [a.status, b.status], "quarantine");
    const { outputs } = (await readManifest(store, "crop", a.crop))!;
    const victim = outputs.find(({ key }) => key.includes("/c/"))!;
    await store.put(victim.key, (await store.get(victim.key))!.slice(1));
    await store.delete(keys.manifest("crop", b.crop));
    const { scans } = await retain(store, "night");
    expect(scans[0]?.retained).toMatchObject({ state: "kept", reason: expect.stringContaining(victim.key) as string }); // prettier-ignore
    expect(scans[1]?.retained).toMatchObject({ state: "kept", reason: expect.stringMatching(/no manifest/) as string }); // prettier-ignore
    expect([await place(a), await place(b)]).toEqual(["volume", "volume"]);
  });

  it.each<[string, Partial<ScanStatus>, "keep" | "quarantine", RegExp]>([
    ["keeps it", {}, "keep", /The batch of X of batch other keeps it/],
    ["kept the scan whole", { outcome: "kept-whole" }, "quarantine", /all there is of X/],
    ["still works with it", { state: "analysing" }, "quarantine", /X of batch other still works/],
  ])(
    "leaves a volume alone that another batch shares and %s",
    async (_, change, policy, reason) => {
      const { outcome: _o, ...rest } = a.status;
      const shared: ScanStatus = { ...rest, scan: "X", ...("state" in change ? {} : { outcome: "cropped" }), ...change }; // prettier-ignore
      await storeBatch(store, "other", [shared], policy);
      await storeBatch(store, "night", [a.status, b.status], "quarantine");
      const { scans } = await retain(store, "night");
      expect(scans[0]?.retained).toEqual({
        state: "kept",
        reason: expect.stringMatching(reason) as string,
      });
      expect([await place(a), await place(b)]).toEqual(["volume", "quarantined"]);
    },
  );

  it("leaves a volume alone that holds somebody's labels", async () => {
    const view = { key: a.crop, level: 0, bin: 2, shape: [4, 4, 4] as [number, number, number], container: "none" }; // prettier-ignore
    const ref = (digest: string) => ({ digest, shape: [70, 20, 16] as [number, number, number], dtype: "uint16" as const, voxelSizeUm: [1, 1, 1] as [number, number, number] }); // prettier-ignore
    const prepared = { scan: "B", volume: ref(b.digest), shapes: [], view, labels: ref(a.digest) };
    await storeBatch(store, "night", [a.status, { ...b.status, prepared }], "quarantine");
    const { scans } = await retain(store, "night");
    expect(scans.map(({ retained }) => retained.state)).toEqual(["kept", "quarantined"]);
  });

  it("says that a volume is purged, and does not look for it", async () => {
    await storeBatch(store, "night", [a.status], "quarantine");
    await retain(store, "night");
    await purgeVolume(store, a.digest, NOW);
    expect((await retain(store, "night")).scans[0]?.retained).toEqual({ state: "purged" });
  });

  it("ends, to be repeated, when the store is away or the caller stops", async () => {
    await storeBatch(store, "night", [a.status, b.status], "quarantine");
    const away: ObjectStore = {
      ...store,
      put: async () => Promise.reject(new StoreUnavailable("away")),
    };
    await expect(retain(away, "night")).rejects.toThrow(StoreUnavailable);
    const stop = new AbortController();
    const reason = new Error("stop");
    const progressed = retainBatch(
      store,
      { batch: "night", days: 30, now: NOW },
      {
        signal: stop.signal,
        progress: ({ fraction }) => {
          if (fraction > 0.4) stop.abort(reason);
        },
      },
    );
    await expect(progressed).rejects.toBe(reason);
    const { scans } = await retain(store, "night");
    expect(scans.map(({ retained }) => retained.state)).toEqual(["quarantined", "quarantined"]);
    await expect(retain(store, "nobody")).rejects.toThrow(NotFound);
  });
});

describe("the list of what is in quarantine", () => {
  it("has sizes, dates and the scans that would lose their shell", async () => {
    const shared: ScanStatus = { ...a.status, scan: "X" };
    await storeBatch(store, "other", [shared], "quarantine");
    await storeBatch(store, "night", [a.status, b.status], "quarantine");
    await retain(store, "night");
    const listed = await listQuarantine(store);
    expect(listed).toHaveLength(2);
    const [first] = listed.filter(({ record }) => record.volume === a.digest);
    expect(first?.scans).toEqual(["night/A", "other/X"]);
    let bytes = 0;
    for await (const info of store.list(`${keys.quarantinedVolume(a.digest)}/`))
      bytes += info.bytes;
    expect(first?.bytes).toBe(bytes);
    expect(first?.record.bytes).toBe(bytes);
    expect(first?.record).toMatchObject({ batch: "night", scan: "A", source: sha256("A") });
    expect(first?.needed).toBeUndefined();
  });

  it("says of a volume whose crop is damaged that it must stay", async () => {
    await storeBatch(store, "night", [a.status], "quarantine");
    await retain(store, "night");
    await store.delete(`${keys.crop(a.crop)}/crop.json`);
    const [listed] = await listQuarantine(store);
    expect(listed?.needed).toMatch(/The crop of A is damaged: .*crop\.json is missing/);
  });
});

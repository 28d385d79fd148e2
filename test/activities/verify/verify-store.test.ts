import { beforeEach, describe, expect, it } from "vitest";
import type { ObjectStore } from "../../../activities/deps.ts";
import { purgeVolume } from "../../../activities/retention/purge-volume.ts";
import { quarantineVolume } from "../../../activities/retention/quarantine-volume.ts";
import { createVolumeManifests } from "../../../activities/retention/volume-manifests.ts";
import { contentKey, sha256 } from "../../../activities/stage/content-key.ts";
import { commitManifest, readManifest, toJson } from "../../../activities/stage/manifests.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { planRepair } from "../../../activities/verify/plan-repair.ts";
import { repair } from "../../../activities/verify/repair.ts";
import { verifyStore, type VerifyRequest } from "../../../activities/verify/verify-store.ts";
import { InvalidInput, StoreUnavailable } from "../../../domain/errors.ts";
import type { Manifest } from "../../../schemas/manifest.ts";
import { keys } from "../../../schemas/names.ts";
import { snapshot, storeBatch, storeScan, type StoredScan } from "../../support/stored-scan.ts";

const { signal } = new AbortController();
let store: ReturnType<typeof createMemoryStore>;
let a: StoredScan;
let b: StoredScan;
beforeEach(async () => {
  store = createMemoryStore();
  a = await storeScan(store, "A");
  b = await storeScan(store, "B");
  await storeBatch(store, "night", [a.status, b.status]);
});

const verify = (request: Partial<VerifyRequest> = {}) => verifyStore(store, { signal, ...request });
const moveAside = ({ digest }: StoredScan) =>
  quarantineVolume(store, {
    ...{ volume: digest, batch: "night", scan: "A", since: "2026-01-01", until: "2026-02-01" },
    manifests: createVolumeManifests(store),
  });
const voxels = async (stage: "ingest" | "crop", key: string) =>
  (await readManifest(store, stage, key))!.outputs.find((output) => output.key.includes("/0/c/"))!;

async function rewrite(stage: Manifest["stage"], key: string, change: Partial<Manifest>) {
  const manifest = await readManifest(store, stage, key);
  await store.put(keys.manifest(stage, key), toJson({ ...manifest, ...change }));
}

/** Put other bytes and let the manifest promise them, so that only decoding can tell. */
async function forge(stage: "ingest" | "crop", key: string, victim: string, bytes: Uint8Array) {
  await store.put(victim, bytes);
  const { outputs } = (await readManifest(store, stage, key))!;
  await rewrite(stage, key, {
    outputs: outputs.map((o) =>
      o.key === victim ? { key: victim, bytes: bytes.length, sha256: sha256(bytes) } : o,
    ),
  });
}

describe("a store in which everything is as promised", () => {
  it.each([undefined, "night"])("has no problem (batch %s), and is not changed", async (batch) => {
    const before = await snapshot(store);
    const said: number[] = [];
    const found = await verify({ batch, deep: true, onProgress: (p) => said.push(p.fraction) });
    expect(found.problems).toEqual([]);
    expect(found.notes).toEqual([]);
    const manifests = await Promise.all(
      [a, b].flatMap((s) => [
        readManifest(store, "ingest", s.digest),
        readManifest(store, "downscale", s.downscale),
        readManifest(store, "crop", s.crop),
      ]),
    );
    const outputs = manifests.flatMap((manifest) => manifest!.outputs);
    const report = (await store.head(keys.report("night")))!.bytes;
    expect(found.checked).toEqual({
      manifests: 6,
      objects: outputs.length + 1,
      bytes: outputs.reduce((sum, { bytes }) => sum + bytes, report),
    });
    expect(said.at(-1)).toBe(1);
    expect([...said].sort((x, y) => x - y)).toEqual(said);
    expect(await snapshot(store)).toEqual(before);
  });

  it("is as promised when a volume lies in quarantine, and says so when it is purged", async () => {
    await moveAside(a);
    const aside = await verify({ batch: "night", deep: true });
    expect(aside.problems).toEqual([]);
    expect(aside.checked.manifests).toBe(6);
    expect(await verify()).toEqual(aside);
    await purgeVolume(store, a.digest, new Date(0));
    const purged = await verify({ batch: "night" });
    expect(purged.problems).toEqual([]);
    expect(purged.checked.manifests).toBe(4);
    expect(purged.notes).toEqual([expect.stringMatching(/whole volume of A was purged at 1970/)]);
  });
});

describe("damage", () => {
  it.each(["missing", "wrong-size", "wrong-digest"] as const)(
    "of an object (%s) is found and named, with its manifest and its scan",
    async (kind) => {
      const { key } = await voxels("crop", b.crop);
      const bytes = (await store.get(key))!;
      if (kind === "missing") await store.delete(key);
      else if (kind === "wrong-size") await store.put(key, bytes.slice(1));
      else await store.put(key, bytes.map((v, i) => (i === bytes.length >> 1 ? v ^ 4 : v))); // prettier-ignore
      const problem = { kind, key, manifest: keys.manifest("crop", b.crop) };
      expect((await verify({ batch: "night" })).problems).toMatchObject([{ ...problem, scan: "B" }]); // prettier-ignore
      expect((await verify()).problems).toMatchObject([{ ...problem, scan: "night/B" }]);
    },
  );

  it("in quarantine is found there", async () => {
    await moveAside(a);
    const [victim] = [...(await snapshot(store, keys.quarantinedVolume(a.digest))).keys()].filter((key) => key.includes("/c/")); // prettier-ignore
    await store.delete(victim!);
    expect((await verify({ batch: "night" })).problems).toMatchObject([
      { kind: "missing", key: victim, scan: "A" },
    ]);
  });

  it("that digests do not show is found where arrays contradict their manifest", async () => {
    const { result } = (await readManifest(store, "crop", a.crop))!;
    await rewrite("crop", a.crop, { result: { ...result, shape: [56, 14, 9] } });
    expect((await verify()).problems).toMatchObject([
      { kind: "wrong-shape", key: `${keys.crop(a.crop)}/0/zarr.json` },
    ]);
  });

  it("that digests do not show is found where a document makes no sense", async () => {
    const document = `${keys.crop(a.crop)}/0/zarr.json`;
    await forge("crop", a.crop, document, Buffer.from("{"));
    expect((await verify()).problems).toMatchObject([{ kind: "undecodable", key: document }]);
    await forge("crop", b.crop, `${keys.crop(b.crop)}/zarr.json`, Buffer.from("[]"));
    expect((await verify({ batch: "night" })).problems).toMatchObject([
      { kind: "undecodable", key: document, scan: "A" },
      { kind: "undecodable", key: `${keys.crop(b.crop)}/zarr.json`, scan: "B" },
    ]);
  });

  it("of voxels that digests do not show is found by decoding", async () => {
    const { key, bytes } = await voxels("crop", a.crop);
    const whole = (await store.get(key))!;
    const broken = whole.slice();
    broken.fill(0xff, 30, Math.min(bytes - 1, 400));
    await forge("crop", a.crop, key, broken);
    expect((await verify({ batch: "night" })).problems).toEqual([]);
    expect((await verify({ batch: "night", deep: true })).problems).toMatchObject([
      { kind: "undecodable", key, scan: "A" },
    ]);
  });

  it("of a shard's index that digests do not show is found without decoding", async () => {
    const { key } = await voxels("crop", a.crop);
    const broken = (await store.get(key))!.slice();
    broken[broken.length - 8]! ^= 1; // in the length of the last chunk; the checksum is behind it
    await forge("crop", a.crop, key, broken);
    expect((await verify({ batch: "night" })).problems).toMatchObject([
      { kind: "undecodable", key, message: expect.stringMatching(/checksum/) as string },
    ]);
  });

  it("of a manifest is found: no JSON, another key than its parts give, gone", async () => {
    await store.put(keys.manifest("crop", a.crop), Buffer.from("{"));
    await rewrite("crop", b.crop, { run: { startedAt: "", seconds: 1, host: "h", attempt: 1 } });
    const parts = (await readManifest(store, "crop", b.crop))!.parts;
    await rewrite("crop", b.crop, { parts: { ...parts, version: 2 } });
    await store.delete(keys.manifest("ingest", a.digest));
    const { problems } = await verify({ batch: "night" });
    expect(problems.map(({ kind, key }) => [kind, key])).toEqual([
      ["missing", keys.manifest("ingest", a.digest)],
      ["undecodable", keys.manifest("crop", a.crop)],
      ["wrong-digest", keys.manifest("crop", b.crop)],
    ]);
  });

  it("of a pin, of a pointer and of a report is found", async () => {
    const encoder = { key: "e".repeat(64), view: "windows", pretext: "rotation", encoder: "window-net" }; // prettier-ignore
    await store.put(keys.batchPin("night"), toJson({ encoder, parameters: "", scans: [] }));
    await store.put(keys.latestEncoder("c", "windows"), toJson(encoder));
    await store.put(keys.modelName("organs"), toJson({ key: "f".repeat(64) }));
    await store.delete(keys.report("night"));
    const { problems } = await verify();
    expect(problems.map(({ key }) => key).sort()).toEqual(
      [
        keys.batchPin("night"),
        keys.latestEncoder("c", "windows"),
        keys.modelName("organs"),
        keys.report("night"),
        keys.manifest("pretrain", encoder.key),
      ].sort(),
    );
  });

  it("of a batch's result is a problem, of no result at all a mistake of the caller", async () => {
    await store.put(keys.batchResult("night"), Buffer.from('{"batch":'));
    expect((await verify({ batch: "night" })).problems).toMatchObject([
      { kind: "undecodable", key: keys.batchResult("night") },
    ]);
    await expect(verify({ batch: "nobody" })).rejects.toThrow(InvalidInput);
  });
});

it("is no verdict when the store is away or the caller stops", async () => {
  const { key } = await voxels("crop", b.crop);
  const away: ObjectStore = {
    ...store,
    getRange: (name, range) =>
      name === key ? Promise.reject(new StoreUnavailable("away")) : store.getRange(name, range),
  };
  await expect(verifyStore(away, { signal })).rejects.toThrow(StoreUnavailable);
  const reason = new Error("stop");
  await expect(verify({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

it("reads an object of any size part by part", async () => {
  const parts = { stage: "pretrain", version: 1, parameters: {}, inputs: {} } as const;
  const key = `${keys.encoder(contentKey(parts))}/encoder.bin`;
  const bytes = new Uint8Array(20_000_000).map((_, i) => (i * 7) >> 3);
  await store.put(key, bytes);
  await commitManifest(store, {
    ...{ stage: "pretrain", key: contentKey(parts), parts, result: {} },
    outputs: [{ key, bytes: bytes.length, sha256: sha256(bytes) }],
    run: { startedAt: "", seconds: 1, host: "h", attempt: 1 },
  });
  const lengths: number[] = [];
  const watched: ObjectStore = {
    ...store,
    get: (name) => (name === key ? Promise.reject(new Error("read whole")) : store.get(name)),
    getRange: async (name, range) => {
      const part = await store.getRange(name, range);
      if (name === key) lengths.push(part!.length);
      return part;
    },
  };
  expect((await verifyStore(watched, { signal })).problems).toEqual([]);
  expect(lengths.reduce((sum, n) => sum + n, 0)).toBe(bytes.length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(8 * 1024 * 1024);
});

describe("a repair", () => {
  it("moves aside the manifests of damaged results and what is damaged, and nothing else", async () => {
    const torn = await voxels("crop", a.crop);
    await store.put(torn.key, (await store.get(torn.key))!.slice(2));
    const gone = await voxels("ingest", b.digest);
    await store.delete(gone.key);
    const before = await snapshot(store);
    const plan = planRepair((await verify()).problems);
    expect(plan).toEqual({
      documents: [keys.manifest("crop", a.crop), keys.manifest("ingest", b.digest)].sort(),
      objects: [torn.key],
      beyond: [],
    });
    expect(await snapshot(store), "a plan changes nothing").toEqual(before);
    expect(await repair(store, plan, signal)).toBe(3);
    const after = await snapshot(store);
    for (const key of [...plan.documents, ...plan.objects]) {
      expect(after.has(key), key).toBe(false);
      expect(after.get(keys.damaged(key)), key).toBe(before.get(key));
      after.delete(keys.damaged(key));
      before.delete(key);
    }
    expect(after).toEqual(before);
    // What is left is to be made anew: a result without a manifest.
    const { problems } = await verify();
    expect(problems.map(({ kind, key }) => [kind, key]).sort()).toEqual(
      plan.documents.map((key) => ["missing", key]),
    );
    expect(planRepair(problems)).toEqual({ documents: [], objects: [], beyond: [] });
    expect(await repair(store, plan, signal)).toBe(0);
  });

  it("moves a pin at an encoder that is not there aside, and says what it cannot mend", async () => {
    const encoder = { key: "e".repeat(64), view: "windows", pretext: "rotation", encoder: "window-net" }; // prettier-ignore
    await store.put(keys.batchPin("night"), toJson({ encoder, parameters: "", scans: [] }));
    await moveAside(a);
    const [victim] = [...(await snapshot(store, keys.quarantinedVolume(a.digest))).keys()].filter((key) => key.includes("/c/")); // prettier-ignore
    await store.put(victim!, Uint8Array.of(1));
    const plan = planRepair((await verify()).problems);
    expect(plan.documents).toEqual([keys.batchPin("night")]);
    expect(plan.objects).toEqual([]);
    expect(plan.beyond).toEqual([expect.stringContaining(victim!)]);
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import type { ObjectStore } from "../../../activities/deps.ts";
import { findVolume } from "../../../activities/retention/find-volume.ts";
import { purgeVolume } from "../../../activities/retention/purge-volume.ts";
import {
  readQuarantine,
  writeQuarantine,
} from "../../../activities/retention/quarantine-record.ts";
import { quarantineVolume } from "../../../activities/retention/quarantine-volume.ts";
import { restoreVolume } from "../../../activities/retention/restore-volume.ts";
import { createVolumeManifests } from "../../../activities/retention/volume-manifests.ts";
import { readManifest } from "../../../activities/stage/manifests.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { readLevel } from "../../../activities/volumes/read-box.ts";
import { CorruptData, NotFound } from "../../../domain/errors.ts";
import { createRandom } from "../../../domain/random.ts";
import { keys } from "../../../schemas/names.ts";
import { dyingStore, Killed } from "../../support/dying-store.ts";
import { snapshot, storeScan, type StoredScan } from "../../support/stored-scan.ts";
import { listAll } from "../stores/conformance.ts";

const NOW = new Date("2026-11-24T00:00:00.000Z");
const about = { since: "2026-11-01T00:00:00.000Z", until: "2026-12-01T00:00:00.000Z", batch: "b" };

const moveAside = (store: ObjectStore, { digest }: StoredScan, until = about.until) =>
  quarantineVolume(store, {
    ...{ ...about, until, volume: digest, scan: "A" },
    manifests: createVolumeManifests(store),
  });

/** What must hold at every moment: a manifest only of what is whole, and the voxels somewhere whole. */
async function expectNothingLost(store: ObjectStore, scan: StoredScan, at: string): Promise<void> {
  for (const [stage, key] of [
    ["ingest", scan.digest],
    ["downscale", scan.downscale],
  ] as const) {
    // prettier-ignore
    for (const output of (await readManifest(store, stage, key))?.outputs ?? []) {
      expect(await store.head(output.key), `${at}: ${output.key}`).toMatchObject({ bytes: output.bytes }); // prettier-ignore
    }
  }
  const found = await findVolume(store, scan.digest);
  expect(found, at).toBeDefined();
  const { data } = await readLevel(store, found!.prefix, 0);
  expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(scan.grid.data.buffer)), at).toBe(0);
}

/** Kill `step` after every number of changes; `check` what is left; run it again to its end. */
async function killEverywhere(
  prepare: () => Promise<{ store: ObjectStore; scan: StoredScan }>,
  step: (store: ObjectStore, scan: StoredScan) => Promise<unknown>,
  check: (store: ObjectStore, scan: StoredScan, at: string) => Promise<void>,
  end: (store: ObjectStore, scan: StoredScan, at: string) => Promise<void>,
): Promise<number> {
  for (let after = 0; ; after++) {
    const { store, scan } = await prepare();
    const dying = dyingStore(store, after);
    const at = `killed after ${after} changes`;
    const finished = await step(dying, scan).then(
      () => true,
      (error: unknown) => {
        expect(error).toBeInstanceOf(Killed);
        return false;
      },
    );
    await check(store, scan, at);
    if (finished) return after;
    await step(store, scan);
    await end(store, scan, at);
  }
}

const fresh = async () => {
  const store = createMemoryStore();
  return { store, scan: await storeScan(store, "A") };
};
const inQuarantine = async () => {
  const world = await fresh();
  await moveAside(world.store, world.scan);
  return world;
};

describe("a volume that moves to quarantine", () => {
  let store: ObjectStore;
  let scan: StoredScan;
  let before: Map<string, string>;
  beforeEach(async () => {
    ({ store, scan } = await fresh());
    before = await snapshot(store);
  });

  it("lies there byte for byte as OME-Zarr, with its manifests, and nowhere else", async () => {
    const record = await moveAside(store, scan);
    const volume = keys.volume(scan.digest);
    const moved = [...before].filter(([key]) => key.startsWith(`${volume}/`));
    const aside = await snapshot(store, `${keys.quarantinedVolume(scan.digest)}/`);
    expect(aside).toEqual(
      new Map(moved.map(([key, sha]) => [key.replace(volume, keys.quarantinedVolume(scan.digest)), sha])), // prettier-ignore
    );
    expect(await listAll(store, "volumes/")).toEqual([]);
    expect(await listAll(store, "stages/")).toHaveLength(1); // the crop's
    expect(record).toMatchObject({ state: "quarantined", ...about, objects: moved.length });
    expect(await findVolume(store, scan.digest)).toMatchObject({ where: "quarantined" });
    await expectNothingLost(store, scan, "after the move");
  });

  it("comes back as it was, and leaves nothing in quarantine", async () => {
    await moveAside(store, scan);
    await restoreVolume(store, scan.digest);
    expect(await snapshot(store)).toEqual(before);
  });

  it("moves only once, and the later date counts", async () => {
    await moveAside(store, scan);
    const once = await snapshot(store, "quarantine/");
    expect(await moveAside(store, scan, "2026-11-15T00:00:00.000Z")).toMatchObject({
      until: about.until,
    });
    expect(await snapshot(store, "quarantine/")).toEqual(once);
    const later = "2027-01-01T00:00:00.000Z";
    expect(await moveAside(store, scan, later)).toMatchObject({ until: later });
  });

  it("stays when one of its objects is damaged or gone, and says which", async () => {
    const { outputs } = (await readManifest(store, "ingest", scan.digest))!;
    const victim = outputs.find(({ key }) => key.includes("/c/"))!;
    const whole = (await store.get(victim.key))!;
    const torn = whole.slice();
    torn[torn.length >> 1]! ^= 1;
    await store.put(victim.key, torn);
    await expect(moveAside(store, scan)).rejects.toThrow(CorruptData);
    await expect(moveAside(store, scan)).rejects.toThrow(victim.key);
    await store.delete(victim.key);
    await expect(moveAside(store, scan)).rejects.toThrow(NotFound);
    await store.put(victim.key, whole);
    expect(await findVolume(store, scan.digest)).toMatchObject({ where: "volume" });
    await moveAside(store, scan);
    await expectNothingLost(store, scan, "mended and moved");
  });

  it("that is not there, or is purged, cannot be moved or brought back", async () => {
    const nothing = { ...scan, digest: "0".repeat(64) };
    expect(await moveAside(store, nothing)).toBeUndefined();
    await expect(restoreVolume(store, nothing.digest)).rejects.toThrow(NotFound);
    await moveAside(store, scan);
    await purgeVolume(store, scan.digest, NOW);
    expect(await moveAside(store, scan)).toBeUndefined();
    await expect(restoreVolume(store, scan.digest)).rejects.toThrow(/purged at 2026-11-24/);
    expect(await findVolume(store, scan.digest)).toBeUndefined();
    expect((await listAll(store, "quarantine/")).map(({ key }) => key)).toEqual([
      keys.quarantineRecord(scan.digest),
    ]);
  });

  it("is found again where two moves met and the record fell back", async () => {
    await moveAside(store, scan);
    const record = (await readQuarantine(store, scan.digest))!;
    await writeQuarantine(store, { ...record, state: "copying" });
    await moveAside(store, scan);
    await expectNothingLost(store, scan, "adopted");
  });
});

describe("killed between any two changes and run again", () => {
  it("a move to quarantine loses nothing and ends where it would have", async () => {
    const { store, scan } = await inQuarantine();
    const expected = await snapshot(store);
    const changes = await killEverywhere(fresh, moveAside, expectNothingLost, async (left, _, at) =>
      expect(await snapshot(left), at).toEqual(expected),
    );
    const aside = await listAll(store, `${keys.quarantinedVolume(scan.digest)}/`);
    // Copies and deletions of objects and two manifests, and two records.
    expect(changes).toBe(2 * (aside.length + 2) + 2);
  });

  it("a move back does neither", async () => {
    const { store } = await fresh();
    const expected = await snapshot(store);
    await killEverywhere(
      inQuarantine,
      // What is back already is no error for who asks again.
      (left, { digest }) =>
        restoreVolume(left, digest).catch((error: unknown) => {
          if (!(error instanceof NotFound)) throw error;
        }),
      expectNothingLost,
      async (left, _, at) => expect(await snapshot(left), at).toEqual(expected),
    );
  });

  it("a purge never leaves half a volume that would be taken for a whole one", async () => {
    await killEverywhere(
      inQuarantine,
      async (left, { digest }) => {
        if ((await readQuarantine(left, digest))?.state !== "purged") {
          await purgeVolume(left, digest, NOW);
        }
      },
      async (left, scan, at) => {
        const found = await findVolume(left, scan.digest);
        if (found !== undefined) await expectNothingLost(left, scan, at);
      },
      async (left, { digest }, at) => {
        expect(await readQuarantine(left, digest), at).toMatchObject({ state: "purged" });
        expect(await listAll(left, "quarantine/"), at).toHaveLength(1);
      },
    );
  });
});

describe("done twice at once", () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed))(
    "a move to quarantine loses nothing (interleaving %i)",
    async (seed) => {
      const { store, scan } = await fresh();
      const random = createRandom(seed, "twice");
      const slow = <A extends unknown[], T>(call: (...args: A) => Promise<T>) => {
        return async (...args: A) => {
          for (let turns = random.int(6); turns > 0; turns--) await Promise.resolve();
          if (random.int(4) === 0) await new Promise((done) => setImmediate(done));
          return call(...args);
        };
      };
      const shaken: ObjectStore = {
        ...store,
        get: slow((key: string) => store.get(key)),
        head: slow((key: string) => store.head(key)),
        put: slow((key: string, bytes: Uint8Array) => store.put(key, bytes)),
        delete: slow((key: string) => store.delete(key)),
      };
      const ends = await Promise.allSettled([moveAside(shaken, scan), moveAside(shaken, scan)]);
      expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
      await moveAside(store, scan);
      await expectNothingLost(store, scan, `interleaving ${seed}`);
      expect(await findVolume(store, scan.digest)).toMatchObject({ where: "quarantined" });
      expect(await listAll(store, "volumes/")).toEqual([]);
    },
  );
});

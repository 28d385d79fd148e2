import { beforeEach, describe, expect, it } from "vitest";
import { createInlineRunner } from "../../../activities/engine/inline-runner.ts";
import type { Job } from "../../../activities/engine/job.ts";
import { createRestoreJob, createRetainJob } from "../../../activities/jobs/retain.ts";
import { createRetain } from "../../../activities/retain.ts";
import { findVolume } from "../../../activities/retention/find-volume.ts";
import { quarantineVolume } from "../../../activities/retention/quarantine-volume.ts";
import { createVolumeManifests } from "../../../activities/retention/volume-manifests.ts";
import { readManifest } from "../../../activities/stage/manifests.ts";
import { runStage } from "../../../activities/stage/run-stage.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { readLevel } from "../../../activities/volumes/read-box.ts";
import { NotFound } from "../../../domain/errors.ts";
import type { KeyParts } from "../../../schemas/manifest.ts";
import { keys } from "../../../schemas/names.ts";
import { storeBatch, storeScan, type StoredScan } from "../../support/stored-scan.ts";
import { asActivity, fakeDeps } from "../stage/fake-stage.ts";

let store: ReturnType<typeof createMemoryStore>;
let scan: StoredScan;
let work: Job<unknown, unknown>;
let ran: string[];
let deps: ReturnType<typeof fakeDeps>;

const moveAside = () =>
  quarantineVolume(store, {
    ...{ volume: scan.digest, batch: "b", scan: "A", since: "2026-01-01", until: "2026-02-01" },
    manifests: createVolumeManifests(store),
  });
const stage = (parts: KeyParts) =>
  asActivity(() => runStage(deps, { subject: "A", parts, job: "work", input: () => ({}) }));
const parts = async (name: "ingest" | "downscale", key: string) =>
  (await readManifest(store, name, key))!.parts;

beforeEach(async () => {
  store = createMemoryStore();
  scan = await storeScan(store, "A");
  ran = [];
  work = async () => ({ result: {}, outputs: [] });
  const restore = createRestoreJob({ store });
  const runner = createInlineRunner({
    work: async (input, context) => {
      ran.push("work");
      return work(input, context);
    },
    restore: async (input, context) => {
      ran.push("restore");
      return restore(input, context);
    },
    retain: createRetainJob({ store }),
  });
  deps = fakeDeps(runner, { store });
});

describe("stages of a volume that lies in quarantine", () => {
  it("are reused where they lie: resubmitting moves nothing", async () => {
    const ingest = await parts("ingest", scan.digest);
    const downscale = await parts("downscale", scan.downscale);
    await moveAside();
    expect(await stage(ingest)).toMatchObject({ reused: true, result: { digest: scan.digest } });
    expect(await stage(downscale)).toMatchObject({ reused: true, key: scan.downscale });
    expect(ran).toEqual([]);
  });

  it("that must read it bring it back first", async () => {
    await moveAside();
    let seen: unknown;
    work = async () => {
      seen = (await readLevel(store, keys.volume(scan.digest), 0)).data;
      return { result: {}, outputs: [] };
    };
    const suppress: KeyParts = { stage: "suppress", version: 1, parameters: {}, inputs: { volume: scan.digest } }; // prettier-ignore
    expect((await stage(suppress)).reused).toBe(false);
    expect(ran).toEqual(["restore", "work"]);
    expect(seen).toEqual(scan.grid.data);
    expect(await findVolume(store, scan.digest)).toMatchObject({ where: "volume" });
  });

  it("are not committed when it was moved while they read it, and may be tried again", async () => {
    const suppress: KeyParts = { stage: "suppress", version: 1, parameters: {}, inputs: { volume: scan.digest } }; // prettier-ignore
    work = async () => {
      await moveAside();
      return { result: {}, outputs: [] };
    };
    await expect(stage(suppress)).rejects.toMatchObject({ type: "StoreUnavailable", nonRetryable: false }); // prettier-ignore
    // The same when a read failed because of it.
    work = async () => {
      await moveAside();
      throw new NotFound("There is no array");
    };
    await expect(stage(suppress)).rejects.toMatchObject({ type: "StoreUnavailable" });
    work = async () => ({ result: {}, outputs: [] });
    expect((await stage(suppress)).reused).toBe(false);
  });
});

it("the activity moves a batch's volumes, by its own clock", async () => {
  await storeBatch(store, "night", [scan.status], "quarantine");
  const done = await asActivity(() => createRetain(deps)({ batch: "night", days: 2 }));
  // The clock of the test stands at the first of January 2026.
  expect(done.scans).toEqual([
    {
      scan: "A",
      retained: { state: "quarantined", until: expect.stringMatching(/^2026-01-03T/) as string },
    },
  ]);
  await expect(
    asActivity(() => createRetain(deps)({ batch: "../night", days: 2 })),
  ).rejects.toMatchObject({ type: "InvalidInput" });
});

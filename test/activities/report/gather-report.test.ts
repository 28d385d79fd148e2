import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ObjectStore } from "../../../activities/deps.ts";
import { writeSlices } from "../../../activities/phantoms/write-slices.ts";
import { gatherReport } from "../../../activities/report/gather-report.ts";
import { renderReport } from "../../../activities/report/render-report.ts";
import { writeQuarantine } from "../../../activities/retention/quarantine-record.ts";
import { writeCertainty } from "../../../activities/stage/certainty.ts";
import { toJson } from "../../../activities/stage/manifests.ts";
import { writeView } from "../../../activities/stage/view-store.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { createVolumeWriter } from "../../../activities/volumes/volume-writer.ts";
import { writePyramid } from "../../../activities/volumes/write-pyramid.ts";
import { NotFound, StoreUnavailable } from "../../../domain/errors.ts";
import type { Zyx } from "../../../domain/volumes/shape.ts";
import { keys } from "../../../schemas/names.ts";
import type { BatchStatus, ScanStatus } from "../../../schemas/result.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const digest = "a1".repeat(32);
const localized = ["b0", "b1", "b2"].map((pair) => pair.repeat(32));
const encoder = {
  key: "c1".repeat(32),
  view: "windows",
  pretext: "rotation",
  encoder: "window-net",
} as const;
const shape: Zyx = [20, 16, 12];
const signal = new AbortController().signal;

const cropped: ScanStatus = {
  scan: "A01",
  state: "settled",
  outcome: "cropped",
  box: [[4, 16], [2, 14], [3, 9]], // prettier-ignore
  margin: [[1, 1], [1, 1], [1, 1]], // prettier-ignore
  keptFraction: 0.4,
  confidence: 0.9,
  reasons: ["seen"],
  volume: digest,
  crop: "d1".repeat(32),
  volumeBytes: 3840,
  cropBytes: 1500,
  stages: { localize: { key: localized.join(","), reused: false, seconds: 3 } },
  prepared: {
    scan: "A01",
    volume: { digest, shape: [...shape], dtype: "uint8", voxelSizeUm: [2, 1, 1] },
    shapes: [[...shape]],
    view: { key: "e1".repeat(32), level: 1, bin: 2, shape: [5, 4, 3], container: "none: no tube" },
  },
};

const status: BatchStatus = {
  batch: "b",
  outcome: "partial",
  encoder,
  scans: [
    cropped,
    {
      scan: "A02",
      state: "settled",
      outcome: "failed",
      stage: "ingest",
      failure: { type: "CorruptData", message: "A02: torn", retryable: false },
    },
  ],
};

async function storeWith(result: BatchStatus): Promise<ObjectStore> {
  const store = createMemoryStore();
  await store.put(keys.batchResult("b"), toJson(result));
  return store;
}

/** A volume that is 200 inside z 5–15, y 4–12, x 4–8 and 10 elsewhere, its profiles and its curve. */
async function fill(store: ObjectStore): Promise<void> {
  const prefix = keys.volume(digest);
  const writer = createVolumeWriter(store, `${prefix}/0`, { shape, dtype: "uint8" });
  for (const plane of planes(10, 200)) await writer.writePlane(plane);
  await writer.close();
  await writePyramid(store, prefix, "mean");
  for (const [axis, key] of localized.entries()) {
    await writeCertainty(store, key, {
      axis,
      profile: { values: [0.1, 0.8], offset: 1, stride: 2 },
    });
  }
  await store.put(
    `${keys.encoder(encoder.key)}/curve.json`,
    toJson({ steps: [1, 100], loss: [2, 1.2] }),
  );
}

function planes(outside: number, inside: number): Uint8Array[] {
  return Array.from({ length: 20 }, (_, z) =>
    Uint8Array.from({ length: 16 * 12 }, (_, i) => {
      const [y, x] = [Math.floor(i / 12), i % 12];
      return z >= 5 && z < 15 && y >= 4 && y < 12 && x >= 4 && x < 8 ? inside : outside;
    }),
  );
}

describe("the gathered report", () => {
  test("has images, profiles at voxels of level 0, the curve and the level of guessing", async () => {
    const store = await storeWith(status);
    await fill(store);
    const model = await gatherReport(store, "b", { signal });
    const [scan] = model.scans;
    expect(scan!.gaps).toEqual([]);
    expect(scan!.images.map(({ axis }) => axis)).toEqual([0, 1, 2]);
    // A voxel of the view is 2 of level 1, which are 4 of level 0; slice 1 is centred at 1.5 · 4.
    expect(scan!.profiles.map(({ axis, at }) => [axis, at])).toEqual([
      [0, [6, 14]],
      [1, [6, 14]],
      [2, [6, 14]],
    ]);
    expect(scan).toMatchObject({ shape, voxelSizeUm: [2, 1, 1], container: "none: no tube" });
    expect(model.learning).toMatchObject({ steps: [1, 100], loss: [2, 1.2], chance: Math.log(7) });
    expect(renderReport(model)).not.toMatch(/NaN|undefined/);
  });

  test("shows a volume that lies in quarantine, and says where it is and what was saved", async () => {
    const retained = { state: "quarantined" as const, until: "2026-12-24T00:00:00Z" };
    const store = await storeWith({ ...status, scans: [{ ...cropped, retained }] });
    await fill(store);
    const before = await gatherReport(store, "b", { signal });
    for await (const { key } of store.list(`${keys.volume(digest)}/`)) {
      const aside = key.replace(keys.volume(digest), keys.quarantinedVolume(digest));
      await store.put(aside, (await store.get(key))!);
      await store.delete(key);
    }
    const about = { batch: "b", scan: "A01", since: "2026-11-24", until: "2026-12-24" };
    await writeQuarantine(store, { format: 1, volume: digest, state: "quarantined", ...about, objects: 2, bytes: 9 }); // prettier-ignore
    const [scan] = (await gatherReport(store, "b", { signal })).scans;
    expect(scan).toEqual(before.scans[0]);
    expect(scan!.images).toHaveLength(3);
    expect(scan!.shell).toBe("in quarantine until 2026-12-24");
    expect(scan!.storage).toEqual({
      // z 3–17, y 1–15, x 2–10 of 20 × 16 × 12.
      voxels: { before: 3840, after: 14 * 14 * 8 },
      bytes: { before: 3840, after: 1500 },
    });
  });

  test("counts the specimen's voxels that the crop lost, and measures the box", async () => {
    const folder = join(await temporaryFolder(), "mask");
    const data = Uint8Array.from(planes(0, 1).flatMap((plane) => [...plane]));
    // One voxel of the specimen beyond the margin: z 18, y 8, x 5.
    data[18 * 16 * 12 + 8 * 12 + 5] = 7;
    await writeSlices(folder, { shape, data }, 1, signal);
    const store = await storeWith(status);
    await fill(store);
    const box = [[5, 15], [4, 12], [4, 8]]; // prettier-ignore
    await store.put(keys.batchTruth("b"), toJson({ A01: { box, mask: folder } }));
    const { scans } = await gatherReport(store, "b", { signal });
    expect(scans[0]!.gaps).toEqual([]);
    // Faces are off by 1 1, 2 2 and 1 1.
    expect(scans[0]!.truth).toEqual({
      box,
      maePx: 8 / 6,
      relAxis: expect.closeTo((1 / 20 + 2 / 16 + 1 / 12) / 3, 12) as number,
      lostVoxels: 1,
      lostFraction: 1 / (10 * 8 * 4 + 1),
    });
  });

  test("shows what was masked of a container, and what it was taken for", async () => {
    const view = {
      key: "e1".repeat(32),
      level: 0,
      bin: 2,
      shape: [10, 8, 6] as [number, number, number],
      container: "tube: round",
    };
    const tubed: ScanStatus = { ...cropped, prepared: { ...cropped.prepared!, view } };
    const store = await storeWith({ ...status, scans: [tubed] });
    await fill(store);
    const valid = new Uint8Array(480).map((_, i) => (i % 6 < 3 ? 1 : 0));
    await writeView(store, view.key, {
      values: { shape: [10, 8, 6], data: new Float32Array(480) },
      valid: { shape: [10, 8, 6], data: valid },
      bin: 2,
    });
    const model = await gatherReport(store, "b", { signal });
    expect(model.scans[0]!.gaps).toEqual([]);
    expect(model.scans[0]!.masked).toHaveLength(3);
    const report = renderReport(model);
    expect(report).toContain("What was masked");
    expect(report).toContain("tube: round");
    expect(report).toContain("slice across y, what was masked in orange");
  });

  test("says what is missing instead of failing", async () => {
    const store = await storeWith(status);
    await store.put(keys.batchTruth("b"), toJson({ A01: { mask: "/nowhere/mask" } }));
    const model = await gatherReport(store, "b", { signal });
    expect(model.scans[0]!.gaps).toEqual([
      expect.stringMatching(/^Not shown: images/),
      expect.stringMatching(/^Not shown: certainty profiles/),
      expect.stringMatching(/^Not shown: lost voxels .*\/nowhere\/mask/),
    ]);
    expect(model.gaps).toEqual([expect.stringMatching(/^Not shown: the learning curve/)]);
    expect(model.scans[1]).toMatchObject({ outcome: "failed", failure: { message: "A02: torn" } });
    expect(renderReport(model)).toContain("Not shown: lost voxels");
  });

  test("a truth mask of another shape is a gap, not a number", async () => {
    const folder = join(await temporaryFolder(), "mask");
    await writeSlices(folder, { shape: [1, 2, 2], data: new Uint8Array(4) }, 1, signal);
    const store = await storeWith(status);
    await store.put(keys.batchTruth("b"), toJson({ A01: { mask: folder } }));
    const { scans } = await gatherReport(store, "b", { signal });
    expect(scans[0]!.truth).toEqual({});
    expect(scans[0]!.gaps.join()).toContain("shape 1 × 2 × 2, the scan 20 × 16 × 12");
  });

  test("is not made while the store is away, or of a batch that is not there, or once aborted", async () => {
    const store = await storeWith(status);
    const away: ObjectStore = {
      ...store,
      get: (key) =>
        key.startsWith("encoders/") ? Promise.reject(new StoreUnavailable("away")) : store.get(key),
    };
    await expect(gatherReport(away, "b", { signal })).rejects.toThrow(StoreUnavailable);
    await expect(gatherReport(store, "c", { signal })).rejects.toThrow(NotFound);
    const reason = new Error("stop");
    await expect(gatherReport(store, "b", { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});

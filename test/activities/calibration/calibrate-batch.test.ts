import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createChooseCalibration } from "../../../activities/calibration/choose-calibration.ts";
import { makeCalibration } from "../../../activities/calibration/make-calibration.ts";
import {
  readCalibration,
  writeCalibration,
} from "../../../activities/calibration/store-calibration.ts";
import { toJson } from "../../../activities/stage/manifests.ts";
import { CorruptData, NotFound } from "../../../domain/errors.ts";
import type { Box, Zyx } from "../../../domain/volumes/shape.ts";
import type { Calibration } from "../../../schemas/calibration.ts";
import { keys } from "../../../schemas/names.ts";
import type { BatchStatus, ScanStatus } from "../../../schemas/result.ts";
import type { PreparedScan, ReconcileResult, StageResult } from "../../../schemas/stages.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { inProcess } from "../jobs/in-process.ts";
import { blobScan, withTiffs, writeTiffs } from "../jobs/write-scan.ts";
import { asActivity } from "../stage/fake-stage.ts";

const SIDE = 48;
const SHAPE: Zyx = [SIDE, SIDE, SIDE];
const { signal } = new AbortController();
const now = new Date("2026-11-25T12:00:00Z");
/** With three scans of known truth a margin has a confidence of 70 %. */
const localize = { method: "energy", margin: "conformal", risk: 0.3 };

let world: Awaited<ReturnType<typeof inProcess>>;
const prepared: PreparedScan[] = [];
const decided: StageResult<ReconcileResult>[] = [];
const found: ScanStatus[] = [];

const reconcile = (scan: PreparedScan, calibration?: string, change: object = {}) =>
  asActivity(async () => {
    const spec = `spec-${JSON.stringify(change)}.json`;
    const changed = { ...world.batch, localize: { ...world.batch.localize, ...change } };
    await world.store.put(spec, toJson(changed));
    const about = { batch: "b", scan: scan.scan, spec, prepared: scan, profiles: [] };
    return world.activities.reconcile({
      ...about,
      ...(calibration === undefined ? {} : { calibration }),
    });
  });

beforeAll(async () => {
  const names = ["A", "B", "C", "D"];
  const blobs = names.map((_, i) => blobScan(SIDE, i + 1).grid);
  await withTiffs(blobs[0]!, (a) =>
    withTiffs(blobs[1]!, (b) =>
      withTiffs(blobs[2]!, (c) =>
        withTiffs(blobs[3]!, async (d) => {
          world = await inProcess({
            scans: [a, b, c, d].map((source, i) => ({ id: names[i], source })),
            ...{ downscale: { targetSize: SIDE }, localize, collection: "blobs" },
          });
          for (const name of names) prepared.push(await world.prepare(name));
        }),
      ),
    ),
  );
  for (const scan of prepared) {
    const result = await reconcile(scan);
    decided.push(result);
    const { outcome, box, confidence } = structuredClone<ReconcileResult>(result.result);
    found.push({
      ...{ scan: scan.scan, state: "settled", outcome, prepared: scan },
      ...{ box: box as ScanStatus["box"] & object, confidence, volume: scan.volume.digest },
      stages: { reconcile: { key: result.key, reused: false, seconds: 1 } },
    });
  }
}, 60_000);

/** What was found, with one face moved outwards: the specimen is that much larger there. */
function larger(scan: number, axis: 0 | 1 | 2, face: 0 | 1, voxels: number) {
  const box = structuredClone(decided[scan]!.result.box!) as unknown as [number, number][];
  box[axis]![face] += face === 0 ? -voxels : voxels;
  return { shape: SHAPE, box: box as unknown as Box };
}
const truth = () =>
  new Map([
    ["A", larger(0, 0, 0, 3)],
    ["B", larger(1, 1, 1, 2)],
    ["C", larger(2, 2, 0, 1)],
  ]);
const status = (scans: readonly ScanStatus[] = found): BatchStatus => ({
  ...{ batch: "b", spec: "spec.json", outcome: "completed", scans: [...scans] },
});

async function calibrated(): Promise<{ key: string; calibration: Calibration }> {
  const made = await makeCalibration(
    world.store,
    { status: status(), truth: truth(), now },
    signal,
  );
  return {
    key: await writeCalibration(world.store, made.calibration!),
    calibration: made.calibration!,
  };
}

describe("calibrating with a finished batch", () => {
  it("measures the worst face of every cropped scan, and says why others are left out", async () => {
    const scans: ScanStatus[] = [
      ...found,
      { scan: "E", state: "settled", outcome: "kept-whole", prepared: prepared[0]! },
      { scan: "F", state: "settled", outcome: "failed" },
    ];
    const known = truth().set("E", truth().get("A")!).set("F", truth().get("A")!);
    const request = { status: status(scans), truth: known, now };
    const { calibration, leftOut } = await makeCalibration(world.store, request, signal);
    expect(calibration).toMatchObject({
      ...{ version: 1, collection: "blobs", made: now.toISOString() },
      localizer: { "localize.method": "energy", "container.suppress": "auto" },
      scans: [
        { scan: "A", face: "z low", learnedFrom: false },
        { scan: "B", face: "y high", learnedFrom: false },
        { scan: "C", face: "x low", learnedFrom: false },
      ],
    });
    expect(calibration).not.toHaveProperty("encoder");
    const cuts = calibration!.scans.map(({ worstCut }) => worstCut);
    [3, 2, 1].forEach((voxels, i) => expect(cuts[i]).toBeCloseTo(voxels / SIDE, 12));
    const [[z0, z1]] = decided[0]!.result.box!;
    expect(calibration!.scans[0]!.sides[0]).toBeCloseTo((z1 - z0) / SIDE, 12);
    expect(leftOut).toEqual([
      { scan: "D", reason: "its truth is not known" },
      { scan: "E", reason: "kept whole: no box was found that could cut it" },
      { scan: "F", reason: "not cropped (failed)" },
    ]);
  });

  it("takes the truth that the batch file brought, masks too, behind the file's", async () => {
    const folder = await temporaryFolder();
    const mask = new Uint16Array(SIDE ** 3);
    const box: Box = [[10, 30], [20, 40], [12, 29]]; // prettier-ignore
    for (const [z, y, x] of [
      [10, 39, 12],
      [29, 20, 28],
    ] as const) {
      mask[(z * SIDE + y) * SIDE + x] = 1;
    }
    await writeTiffs(join(folder, "mask"), { shape: SHAPE, data: mask });
    await world.store.put(
      keys.batchTruth("b"),
      toJson({ A: { box }, B: { mask: join(folder, "mask") }, C: { mask: "/nowhere" } }),
    );
    const request = { status: status(), truth: new Map([["A", larger(0, 0, 0, 3)]]), now };
    const { calibration, leftOut } = await makeCalibration(world.store, request, signal);
    await world.store.delete(keys.batchTruth("b"));
    expect(calibration!.scans.map(({ scan }) => scan)).toEqual(["A", "B"]);
    expect(calibration!.scans[0]!.worstCut).toBeCloseTo(3 / SIDE, 12);
    const hull = decided[1]!.result.box!;
    const worst = Math.max(
      ...box.flatMap(([lo, hi], axis) => [hull[axis]![0] - lo, hi - hull[axis]![1]]),
    );
    expect(calibration!.scans[1]!.worstCut).toBeCloseTo(worst / SIDE, 12);
    expect(leftOut[0]?.scan).toBe("C");
    expect(leftOut[0]?.reason).toContain("/nowhere");
  });

  it("brings a truth of another size to the scan's, but not one of other proportions", async () => {
    const half = (box: Box) => box.map(([lo, hi]) => [lo / 2, hi / 2]) as unknown as Box;
    const even: Box = [[10, 30], [20, 40], [12, 28]]; // prettier-ignore
    const measure = async (shape: Zyx, box: Box) => {
      const known = new Map([["A", { shape, box }]]);
      return makeCalibration(world.store, { status: status(), truth: known, now }, signal);
    };
    const whole = await measure(SHAPE, even);
    const halved = await measure([24, 24, 24], half(even));
    expect(halved.calibration?.scans).toEqual(whole.calibration?.scans);
    const other = await measure([24, 48, 48], even);
    expect(other.calibration).toBeUndefined();
    expect(other.leftOut[0]).toEqual({
      ...{ scan: "A" },
      reason: "its truth is of a volume of 24 × 48 × 48, the scan is 48 × 48 × 48",
    });
  });

  it("keeps the scans of an earlier calibration that were found the same way, each once", async () => {
    const { calibration: earlier } = await calibrated();
    const two = { ...earlier.scans[1]!, volume: "2".repeat(64), scan: "Z", batch: "before" };
    const request = {
      ...{ status: status(), truth: new Map([["A", larger(0, 0, 0, 5)]]), now },
      earlier: { ...earlier, scans: [earlier.scans[0]!, two] },
    };
    const merged = (await makeCalibration(world.store, request, signal)).calibration!;
    expect(merged.scans.map(({ scan }) => scan)).toEqual(["Z", "A"]);
    expect(merged.scans[1]!.worstCut).toBeCloseTo(5 / SIDE, 12);
    const other = { ...request.earlier, localizer: { ...earlier.localizer, versions: "9" } };
    const alone = await makeCalibration(world.store, { ...request, earlier: other }, signal);
    expect(alone.calibration!.scans.map(({ scan }) => scan)).toEqual(["A"]);
  });
});

describe("a scan of a batch with a conformal margin", () => {
  it("has the wide margin without a calibration, and says so", () => {
    const { result } = decided[3]!;
    // 8 % of 48, rounded up.
    expect(result.margin).toEqual([[4, 4], [4, 4], [4, 4]]); // prettier-ignore
    expect(result.reasons.at(-1)).toMatch(/not calibrated: .*no calibration yet/);
    expect(result).not.toHaveProperty("calibration");
  });

  it("has the calibrated one with it, under another key", async () => {
    const { key } = await calibrated();
    const { key: stage, result } = await reconcile(prepared[3]!, key);
    // Rank ceil(4 · 0.7) = 3 of 3: the worst cut, 3 of 48 voxels.
    expect(result.margin).toEqual([[3, 3], [3, 3], [3, 3]]); // prettier-ignore
    expect(result.calibration).toBe(key);
    expect(result.reasons.at(-1)).toMatch(/3-th of the worst cuts of 3 scans.*70 % confidence/);
    expect(result.box).toEqual(decided[3]!.result.box);
    expect(stage).not.toBe(decided[3]!.key);
  });

  it("has the wide one at a risk that needs more scans, or found by other parameters", async () => {
    const { key } = await calibrated();
    for (const [change, words] of [
      [{ risk: 0.1 }, /needs 9 scans with known truth, there are 3/],
      [{ minConfidence: 0.2 }, /in another way \(localize.minConfidence 0.25, here 0.2\)/],
    ] as const) {
      const { result } = await reconcile(prepared[3]!, key, change);
      expect(result.margin![0]).toEqual([4, 4]);
      expect(result).not.toHaveProperty("calibration");
      expect(result.reasons.at(-1)).toMatch(words);
    }
  });

  it("is the same result as ever where the margin is a number", async () => {
    const { key } = await calibrated();
    const without = await reconcile(prepared[3]!, undefined, { margin: 0.04 });
    const withOne = await reconcile(prepared[3]!, key, { margin: 0.04, risk: 0.01 });
    expect(withOne.key).toBe(without.key);
    expect(withOne.result.margin![0]).toEqual([2, 2]);
  });
});

describe("a batch's calibration", () => {
  const choose = (batch: string, change: { renew?: boolean; collection?: string } = {}) =>
    asActivity(async () => {
      const spec = `choose-${change.collection}.json`;
      await world.store.put(spec, toJson({ ...world.batch, collection: "blobs", ...change }));
      const { renew = false } = change;
      return createChooseCalibration(world)({ batch, spec, renew });
    });

  it("is its collection's newest at first, then stays, until a new one is asked for", async () => {
    const { key, calibration } = await calibrated();
    expect(await choose("n1")).toEqual({ key });
    const second = await writeCalibration(world.store, { ...calibration, made: "2027-01-01" });
    expect(second).not.toBe(key);
    expect(await choose("n1")).toEqual({ key });
    expect(await choose("n2")).toEqual({ key: second });
    expect(await choose("n1", { renew: true })).toEqual({ key: second });
    expect(await choose("n1")).toEqual({ key: second });
  });

  it("is never one of another collection, not even where the batch had that before", async () => {
    await calibrated();
    expect(await choose("n3", { collection: "fish" })).toEqual({});
    await choose("n3");
    expect(await choose("n3", { collection: "fish" })).toEqual({});
  });

  it("is refused where it is gone, damaged, or was changed by hand", async () => {
    const { store } = world;
    const { key, calibration } = await calibrated();
    await expect(readCalibration(store, "0".repeat(64))).rejects.toThrow(NotFound);
    await store.put(keys.calibration(key), toJson({ ...calibration, scans: [] }));
    await expect(readCalibration(store, key)).rejects.toThrow(CorruptData);
    const [first, ...rest] = calibration.scans;
    const flattered = { ...calibration, scans: [{ ...first!, worstCut: 0 }, ...rest] };
    await store.put(keys.calibration(key), toJson(flattered));
    await expect(readCalibration(store, key)).rejects.toThrow("was changed after it was written");
    await store.put(keys.calibration(key), toJson({ ...calibration, version: 2 }));
    await expect(readCalibration(store, key)).rejects.toThrow(/version/);
  });
});

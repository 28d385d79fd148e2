import { describe, expect, it } from "vitest";
import { describeLocalizer } from "../../../activities/calibration/describe-localizer.ts";
import { makeCalibration } from "../../../activities/calibration/make-calibration.ts";
import type { ObjectStore } from "../../../activities/deps.ts";
import { commitManifest, toJson } from "../../../activities/stage/manifests.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { resolveBatch } from "../../../cli/resolve-batch.ts";
import { NotFound } from "../../../domain/errors.ts";
import type { KeyParts } from "../../../schemas/manifest.ts";
import type { Stage } from "../../../schemas/names.ts";
import type { ScanStatus } from "../../../schemas/result.ts";
import type { EncoderRef } from "../../../schemas/volume.ts";

const key = (text: string) => Buffer.from(text).toString("hex").padEnd(64, "0");
const encoder: EncoderRef = {
  ...{ key: key("encoder"), view: "windows", pretext: "rotation", encoder: "window-net" },
};

/** Store a manifest under its key; answers with its parts. */
async function commit(
  store: ObjectStore,
  [stage, name]: readonly [Stage, string],
  parts: Partial<KeyParts>,
): Promise<KeyParts> {
  const whole = { stage, version: 1, parameters: {}, inputs: {}, ...parts };
  await commitManifest(store, {
    ...{ stage, key: key(name), parts: whole, result: {}, outputs: [] },
    run: { startedAt: "2026-11-25", seconds: 1, host: "h", attempt: 1 },
  });
  return whole;
}

/** What finding a scan by windows and a refinement leaves behind; answers with reconcile's parts. */
async function found(store: ObjectStore, scan: string, stride = 4): Promise<KeyParts> {
  const [view, profile, refined] = [`view ${scan}`, `profile ${scan}`, `refined ${scan}`];
  await commit(store, ["suppress", view], { version: 2, parameters: { container: "auto" } });
  await commit(store, ["localize", profile], {
    version: 3,
    parameters: { axis: 0, stride },
    inputs: { view: key(view), encoder: encoder.key },
  });
  await commit(store, ["refine", refined], {
    version: 4,
    parameters: { axis: 0 },
    inputs: { view: key(view), refiner: key("refiner") },
  });
  return commit(store, ["reconcile", `decided ${scan}`], {
    version: 5,
    parameters: {
      ...{ method: "windows", threshold: "otsu", score: "tta", margin: 0.04 },
      ...{ minConfidence: 0.25, byHand: null },
    },
    inputs: {
      ...{ volume: key(scan), view: key(view) },
      profiles: Array.from({ length: 3 }, () => key(profile)),
      refined: Array.from({ length: 3 }, () => key(refined)),
    },
  });
}

describe("what found a box", () => {
  it("is every parameter, version and network, and nothing of scan or margin", async () => {
    const store = createMemoryStore();
    const parts = await found(store, "A");
    const localizer = await describeLocalizer(store, parts, 128);
    expect(localizer).toEqual({
      "localize.method": "windows",
      "localize.threshold": "otsu",
      "localize.minConfidence": 0.25,
      "localize.stride": 4,
      "downscale.targetSize": 128,
      "container.suppress": "auto",
      versions: "2.3.4.5",
      encoder: encoder.key,
      "refinement network": key("refiner"),
    });
    const other = await found(store, "B");
    const wide = { ...other, parameters: { ...other.parameters, margin: "conformal", risk: 0.2 } };
    expect(await describeLocalizer(store, wide, 128)).toEqual(localizer);
  });

  it("is not guessed where a manifest is gone", async () => {
    const store = createMemoryStore();
    const parts = await found(store, "A");
    await store.delete(`stages/localize/${key("profile A")}/manifest.json`);
    await expect(describeLocalizer(store, parts, 128)).rejects.toThrow(NotFound);
  });
});

describe("a calibration of learned networks", () => {
  const box = [[20, 60], [30, 70], [25, 75]] as NonNullable<ScanStatus["box"]>; // prettier-ignore
  const statusOf = (scan: string): ScanStatus => ({
    ...{ scan, state: "settled", outcome: "cropped", confidence: 0.9, volume: key(scan), box },
    stages: { reconcile: { key: key(`decided ${scan}`), reused: false, seconds: 1 } },
    prepared: {
      ...{ scan, shapes: [[100, 100, 100]] },
      volume: {
        ...{ digest: key(scan), shape: [100, 100, 100] },
        ...{ dtype: "uint8", voxelSizeUm: [1, 1, 1] },
      },
      view: {
        ...{ key: key(`view ${scan}`), level: 0, bin: 1, shape: [100, 100, 100] },
        container: "none",
      },
    },
  });

  async function calibrate(scans: readonly string[]) {
    const store = createMemoryStore();
    for (const scan of scans) await found(store, scan, scan === "odd" ? 3 : 4);
    await commit(store, ["pretrain", "encoder"], { inputs: { views: [key("view A")] } });
    await commit(store, ["refine", "refiner"], { inputs: { views: [key("view B")] } });
    const { spec } = resolveBatch({ batch: "b", scans: [{ source: "x.tif" }] }, "/");
    await store.put("spec", toJson(spec));
    const known = { shape: [100, 100, 100], box } as const;
    return makeCalibration(
      store,
      {
        status: {
          ...{ batch: "b", spec: "spec", outcome: "completed", encoder },
          scans: scans.map(statusOf),
        },
        truth: new Map(scans.map((scan) => [scan, known])),
        now: new Date(),
      },
      new AbortController().signal,
    );
  }

  it("names them, and marks the scans that either was learned from", async () => {
    const { calibration } = await calibrate(["A", "B", "C"]);
    expect(calibration).toMatchObject({ encoder, refiner: key("refiner") });
    expect(calibration!.scans.map(({ learnedFrom }) => learnedFrom)).toEqual([true, true, false]);
  });

  it("is of the scans that were found as most were; the others are left out", async () => {
    const { calibration, leftOut } = await calibrate(["odd", "A", "B"]);
    expect(calibration!.scans.map(({ scan }) => scan)).toEqual(["A", "B"]);
    expect(leftOut).toEqual([
      { scan: "odd", reason: "found in another way than most of the batch" },
    ]);
  });
});

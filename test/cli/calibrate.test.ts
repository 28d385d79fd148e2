import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ObjectStore } from "../../activities/deps.ts";
import { readCalibration } from "../../activities/calibration/store-calibration.ts";
import { commitManifest, toJson } from "../../activities/stage/manifests.ts";
import { createMinioStore, ensureBucket } from "../../activities/stores/minio-store.ts";
import { resolveBatch } from "../../cli/resolve-batch.ts";
import { storeTruth } from "../../cli/store-batch.ts";
import { freePort } from "../../infra/servers/free-port.ts";
import type { KeyParts } from "../../schemas/manifest.ts";
import { keys, type Stage } from "../../schemas/names.ts";
import type { BatchStatus, ScanStatus } from "../../schemas/result.ts";
import { documentOf, microtome } from "../support/cli.ts";
import { startTestMinio } from "../support/minio.ts";
import { temporaryFolder } from "../support/temporary.ts";

/** `calibrate` needs the store alone: a real MinIO, and no Temporal at the address that is named. */
let minio: Awaited<ReturnType<typeof startTestMinio>>;
let store: ObjectStore;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  minio = await startTestMinio();
  await ensureBucket(minio.options);
  store = createMinioStore(minio.options);
  const { endPoint, port, accessKey, secretKey, bucket } = minio.options;
  env = {
    ...{ TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`, MICROTOME_BUCKET: bucket },
    AWS_ENDPOINT_URL: `http://${endPoint}:${port}`,
    ...{ AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey },
  };
});
afterAll(() => minio?.stop());

const digest = (text: string) => Buffer.from(text).toString("hex").padEnd(64, "0").slice(0, 64);
const BOX = [[20, 60], [30, 70], [25, 75]] as const; // prettier-ignore

/** A finished batch of scans of 100³ voxels, all boxed alike by the energy localizer. */
async function finished(batch: string, count: number, change: Partial<BatchStatus> = {}) {
  const names = Array.from({ length: count }, (_, i) => `S${i}`);
  const resolved = resolveBatch(
    {
      ...{ batch, collection: "medaka", localize: { method: "energy" } },
      scans: names.map((id) => ({ id, source: `${id}.tif` })),
    },
    "/",
  );
  const spec = `batches/${batch}/spec/0.json`;
  await store.put(spec, toJson(resolved.spec));
  const commit = async (stage: Stage, key: string, parts: Omit<KeyParts, "stage" | "version">) =>
    commitManifest(store, {
      ...{ stage, key, parts: { stage, version: 1, ...parts }, result: {}, outputs: [] },
      run: { startedAt: "2026-11-25", seconds: 1, host: "h", attempt: 1 },
    });
  const scans: ScanStatus[] = [];
  for (const scan of names) {
    const [volume, view, reconcile] = ["v", "w", "r"].map((of) => digest(`${of}${batch}${scan}`));
    await commit("suppress", view!, { parameters: { level: 0, container: "auto" }, inputs: {} });
    await commit("reconcile", reconcile!, {
      parameters: { method: "energy", threshold: "otsu", minConfidence: 0.25, byHand: null },
      inputs: { view: view!, profiles: [] },
    });
    scans.push({
      ...{ scan, state: "settled", outcome: "cropped", confidence: 0.8, volume: volume! },
      box: structuredClone(BOX) as unknown as NonNullable<ScanStatus["box"]>,
      stages: { reconcile: { key: reconcile!, reused: false, seconds: 1 } },
      prepared: {
        ...{ scan, shapes: [[100, 100, 100]] },
        volume: {
          ...{ digest: volume!, shape: [100, 100, 100], dtype: "uint8" },
          voxelSizeUm: [1, 1, 1],
        },
        view: { key: view!, level: 0, bin: 1, shape: [100, 100, 100], container: "none" },
      },
    });
  }
  const status: BatchStatus = { batch, spec, outcome: "completed", scans, ...change };
  await store.put(keys.batchResult(batch), toJson(status));
}

/** Where scan i reaches i voxels further down z than its box, in the form of a phantom's truth. */
async function truthOf(count: number): Promise<string> {
  const file = join(await temporaryFolder(), "truth.json");
  const volumes = Array.from({ length: count }, (_, i) => [
    `S${i}.nii.gz`,
    { box_zyx: [[20 - i, 60], BOX[1], BOX[2]], shape_zyx: [100, 100, 100] },
  ]);
  await writeFile(file, JSON.stringify({ volumes: Object.fromEntries(volumes) as object }));
  return file;
}
const calibrate = (...args: string[]) => microtome("/", ["calibrate", ...args], env);

describe("microtome calibrate", () => {
  test("measures a batch, says what margin that gives, and writes the collection's calibration", async () => {
    await finished("night", 10);
    const truth = await truthOf(9);
    const answer = await calibrate("night", "--truth", truth, "--json");
    expect(answer.code, answer.stderr).toBe(0);
    const document = documentOf<{ calibration: string }>(answer);
    // Rank ceil(10 · 0.9) = 9 of the cuts 0 to 8 of 100 voxels.
    expect(document).toMatchObject({
      ...{ batch: "night", collection: "medaka", scans: 9, needed: 9, margin: 0.08 },
      leftOut: [{ scan: "S9", reason: "its truth is not known" }],
    });
    const stored = await readCalibration(store, document.calibration);
    expect(stored.scans.map(({ worstCut }) => worstCut)).toEqual(
      Array.from({ length: 9 }, (_, i) => i / 100),
    );
    const pointer = JSON.parse(
      new TextDecoder().decode(await store.get(keys.latestCalibration("medaka"))),
    ) as unknown;
    expect(pointer).toEqual({ collection: "medaka", key: document.calibration });
  }, 30_000);

  test("prints a table, and what is missing, to people; --add pools batches", async () => {
    await finished("few", 4);
    const few = await calibrate("few", "--truth", await truthOf(4), "--collection", "small");
    expect(few.code, few.stderr).toBe(0);
    expect(few.stdout).toMatch(/S3 +3\.00 % {2}z low +0\.80\n.*S2/);
    expect(few.stdout).toMatch(/risk 0.1 needs 9 with known truth, there are 4 \(5 more\)/);
    await finished("more", 5);
    const truth = ["--truth", await truthOf(5), "--collection", "small", "--add"];
    const more = await calibrate("more", ...truth);
    expect(more.code, more.stderr).toBe(0);
    expect(more.stdout).toMatch(/Margin in collection small: 4.00 % .* of 9 scans/);
  }, 30_000);

  test("takes the truth that came with the batch file", async () => {
    await finished("brought", 2);
    const box = [[18, 60], [30, 70], [25, 75]] as [[number, number], [number, number], [number, number]]; // prettier-ignore
    await storeTruth(store, "brought", { S1: { box } });
    const answer = await calibrate("brought", "--collection", "own", "--json");
    expect(documentOf(answer)).toMatchObject({ measured: [{ scan: "S1", worstCut: 0.02 }] });
  }, 30_000);

  test("ends with exit code 2 where there is nothing to measure, and writes nothing", async () => {
    await finished("unknown", 2);
    await finished("running", 2, { outcome: "running" });
    const truth = await truthOf(2);
    const cases = [
      [["unknown"], /No scan of unknown can be calibrated.*S0: its truth is not known/s],
      [["running", "--truth", truth], /still running/],
      [["nobody", "--truth", truth], /nobody has left no result/],
    ] as const;
    for (const [args, message] of cases) {
      const answer = await calibrate(...args, "--collection", "empty");
      expect(answer.stderr, args.join(" ")).toMatch(message);
      expect(answer.code, args.join(" ")).toBe(2);
    }
    expect(await store.get(keys.latestCalibration("empty"))).toBeUndefined();
  }, 60_000);
});

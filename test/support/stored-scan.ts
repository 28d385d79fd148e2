import type { ObjectStore } from "../../activities/deps.ts";
import { contentKey, sha256 } from "../../activities/stage/content-key.ts";
import { commitManifest, toJson } from "../../activities/stage/manifests.ts";
import type { Box, Dtype, Grid, VoxelArray, Zyx } from "../../domain/volumes/shape.ts";
import type { KeyParts, Output } from "../../schemas/manifest.ts";
import { keys, type Stage } from "../../schemas/names.ts";
import type { BatchStatus, ScanStatus } from "../../schemas/result.ts";
import { randomVoxels, writeVolume } from "./random-volume.ts";

/** A scan as the pipeline leaves it: volume, crop and their manifests. */
export interface StoredScan {
  readonly grid: Grid;
  readonly region: Box;
  readonly digest: string;
  readonly downscale: string;
  readonly crop: string;
  readonly status: ScanStatus;
}

export const NO_MARGIN: ScanStatus["margin"] = [[0, 0], [0, 0], [0, 0]]; // prettier-ignore

/** Write a scan of random voxels with its crop, as the stages do. */
export async function storeScan(
  store: ObjectStore,
  scan: string,
  {
    shape = [70, 20, 16],
    region = [[10, 66], [3, 17], [2, 12]], // prettier-ignore
    dtype = "uint16",
    record = {},
  }: {
    readonly shape?: Zyx;
    readonly region?: Box;
    readonly dtype?: Dtype;
    /** More of what crop.json says. */
    readonly record?: object;
  } = {},
): Promise<StoredScan> {
  const grid = randomVoxels(shape, dtype, scan.charCodeAt(0));
  const parts = (stage: Stage, inputs: KeyParts["inputs"]): KeyParts => ({
    ...{ stage, version: 1, parameters: {}, inputs },
  });
  const ingest = parts("ingest", { source: sha256(scan) });
  const digest = contentKey(ingest);
  await writeVolume(store, keys.volume(digest), grid, dtype);
  const all = await outputsBelow(store, keys.volume(digest));
  const own = ({ key }: Output) => key.startsWith(`${keys.volume(digest)}/0/`);
  await commit(store, ingest, { digest, shape, dtype, voxelSizeUm: [3, 2, 1.5] }, all.filter(own));
  const shapes = [shape, ...(Math.max(...shape) > 64 ? [shape.map((n) => Math.ceil(n / 2))] : [])];
  const downscale = parts("downscale", { volume: digest });
  await commit(
    store,
    downscale,
    { shapes, bytes: 1, level0Bytes: 1 },
    all.filter((o) => !own(o)),
  );

  const cropped = parts("crop", { volume: digest });
  const crop = contentKey(cropped);
  const part = cutGrid(grid, region);
  await writeVolume(store, keys.crop(crop), part, dtype);
  const source = { volume: digest, shape, dtype };
  const document = { box: region, margin: NO_MARGIN, region, source, shell: "kept", ...record };
  await store.put(keys.cropRecord(crop), toJson(document));
  const result = {
    crop,
    shape: part.shape,
    keptFraction: 0.3,
    bytes: 1,
    level0Bytes: 1,
    objects: 1,
  };
  await commit(store, cropped, result, await outputsBelow(store, keys.crop(crop)));
  const status: ScanStatus = {
    ...{ scan, state: "settled", outcome: "cropped", volume: digest, crop, keptFraction: 0.3 },
    box: structuredClone(region) as unknown as NonNullable<ScanStatus["box"]>,
    margin: NO_MARGIN!,
    stages: Object.fromEntries(
      [ingest, downscale, cropped].map((p) => [p.stage, { key: contentKey(p), reused: false, seconds: 1 }]), // prettier-ignore
    ),
  };
  return { grid, region, digest, downscale: contentKey(downscale), crop, status };
}

/** Store the result of a settled batch, its specification and its report. */
export async function storeBatch(
  store: ObjectStore,
  batch: string,
  scans: readonly ScanStatus[],
  policy: "keep" | "quarantine" = "keep",
): Promise<BatchStatus> {
  const spec = keys.batchSpec(batch, "0");
  const retention = policy === "keep" ? {} : { retention: { policy, days: 30 } };
  await store.put(spec, toJson({ batch, segment: {}, ...retention }));
  const status: BatchStatus = { batch, spec, outcome: "completed", scans: [...scans] };
  await store.put(keys.batchResult(batch), toJson(status));
  await store.put(keys.report(batch), toJson("report"));
  return status;
}

/** The voxels of a box, by the definition of the layout. */
export function cutGrid({ shape, data }: Grid, box: Box): Grid {
  const [[z0, z1], [y0, y1], [x0, x1]] = box;
  const size: Zyx = [z1 - z0, y1 - y0, x1 - x0];
  const out = data.slice(0, size[0] * size[1] * size[2]) as VoxelArray;
  let at = 0;
  for (let z = z0; z < z1; z++) {
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) out[at++] = data[(z * shape[1] + y) * shape[2] + x]!;
    }
  }
  return { shape: size, data: out };
}

/** Every object below a prefix with its bytes, to compare stores by. */
export async function snapshot(store: ObjectStore, prefix = ""): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { key } of store.list(prefix)) found.set(key, sha256((await store.get(key))!));
  return found;
}

async function outputsBelow(store: ObjectStore, prefix: string): Promise<Output[]> {
  const outputs: Output[] = [];
  for await (const { key, bytes } of store.list(`${prefix}/`)) {
    outputs.push({ key, bytes, sha256: sha256((await store.get(key))!) });
  }
  return outputs;
}

async function commit(
  store: ObjectStore,
  parts: KeyParts,
  result: object,
  outputs: Output[],
): Promise<void> {
  const run = { startedAt: "2026-01-01T00:00:00.000Z", seconds: 1, host: "test", attempt: 1 };
  const key = contentKey(parts);
  await commitManifest(store, {
    stage: parts.stage,
    key,
    parts,
    result: { ...result },
    outputs,
    run,
  });
}

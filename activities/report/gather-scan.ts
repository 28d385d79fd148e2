import { fullBox, growBox, rescaleBox } from "../../domain/volumes/box.ts";
import { boxMetrics } from "../../domain/metrics/box-metrics.ts";
import type { Axis, Box } from "../../domain/volumes/shape.ts";
import type { BatchTruth } from "../../schemas/batch.ts";
import { keys, STAGES } from "../../schemas/names.ts";
import type { ScanStatus } from "../../schemas/result.ts";
import type { PreparedScan, SegmentationResult } from "../../schemas/stages.ts";
import type { ObjectStore } from "../deps.ts";
import { volumePrefix } from "../retention/find-volume.ts";
import { readCertainty } from "../stage/certainty.ts";
import { readManifest } from "../stage/manifests.ts";
import { readView } from "../stage/view-store.ts";
import { readLevel } from "../volumes/read-box.ts";
import { attempt, type Gaps } from "./attempt.ts";
import { containerPicture } from "./container-picture.ts";
import { countOutside } from "./count-outside.ts";
import { maxProjections, toDataUri } from "./projection.ts";
import { describeRetained, scanStorage } from "./storage.ts";
import type { ReportImage, ReportProfile, ReportScan, ReportTruth } from "./report-model.ts";

/** Voxels of the longest axis of the level that is projected; finer ones only make the file larger. */
const IMAGE_SIZE = 200;

export interface GatherOptions {
  readonly truth: BatchTruth[string] | undefined;
  /** With images of the volume. */
  readonly illustrated: boolean;
  readonly signal: AbortSignal;
}

/** What the report shows of one scan; what cannot be read becomes one of its `gaps`. */
export async function gatherScan(
  store: ObjectStore,
  status: ScanStatus,
  { truth, illustrated, signal }: GatherOptions,
): Promise<ReportScan> {
  const { scan, prepared, stages, volume, crop } = status;
  const gaps: string[] = [];
  const parts: Gaps = { signal, notice: (gap) => void gaps.push(gap) };
  const images =
    prepared !== undefined && illustrated
      ? await attempt("images", parts, () =>
          readImages(store, prepared, cropRegion(status), signal),
        )
      : undefined;
  const masked =
    prepared !== undefined && illustrated && !prepared.view.container.startsWith("none")
      ? await attempt("what was masked", parts, () => readMasked(store, prepared, signal))
      : undefined;
  const profiles =
    prepared !== undefined && stages?.["localize"] !== undefined
      ? await attempt("certainty profiles", parts, () => readProfiles(store, status, prepared))
      : undefined;
  const known = truth && (await score(status, truth, parts));
  const voxels =
    status.labels === undefined
      ? undefined
      : await attempt("the segmentation", parts, () => readVoxels(store, status));
  const storage = scanStorage(status);
  const shell = status.retained && describeRetained(status.retained);
  const { outcome, stage, failure, confidence, keptFraction, box, margin } = status;
  return {
    scan,
    ...(outcome === undefined ? {} : { outcome }),
    ...(stage === undefined ? {} : { stage }),
    ...(failure === undefined ? {} : { failure }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(keptFraction === undefined ? {} : { keptFraction }),
    ...(box === undefined ? {} : { box }),
    ...(margin === undefined ? {} : { margin }),
    ...(prepared === undefined
      ? {}
      : {
          shape: prepared.volume.shape,
          voxelSizeUm: prepared.volume.voxelSizeUm,
          container: prepared.view.container,
        }),
    ...(known === undefined ? {} : { truth: known }),
    ...(status.volumeBytes === undefined ? {} : { volumeBytes: status.volumeBytes }),
    ...(status.cropBytes === undefined ? {} : { cropBytes: status.cropBytes }),
    ...(storage === undefined ? {} : { storage }),
    ...(shell === undefined ? {} : { shell }),
    ...(volume === undefined ? {} : { volumeUrl: store.url(keys.volume(volume)) }),
    ...(crop === undefined ? {} : { cropUrl: store.url(keys.crop(crop)) }),
    ...(voxels === undefined ? {} : { voxels }),
    reasons: status.reasons ?? [],
    images: images ?? [],
    ...(masked === undefined ? {} : { masked }),
    profiles: profiles ?? [],
    stages: STAGES.flatMap((name) => {
      const record = stages?.[name];
      return record === undefined
        ? []
        : [{ stage: name, seconds: record.seconds, reused: record.reused }];
    }),
    gaps,
  };
}

async function readImages(
  store: ObjectStore,
  { volume, shapes }: PreparedScan,
  region: Box | undefined,
  signal: AbortSignal,
): Promise<ReportImage[]> {
  const fitting = shapes.findIndex((shape) => Math.max(...shape) <= IMAGE_SIZE);
  const level = fitting < 0 ? shapes.length - 1 : fitting;
  const prefix = await volumePrefix(store, volume.digest);
  const grid = await readLevel(store, prefix, level, { signal });
  const through = region && rescaleBox(region, 0, level, grid.shape);
  return maxProjections(grid, through).map((image, index) => {
    const axis = index as Axis;
    const [rows, columns] = ([0, 1, 2] as const).filter((other) => other !== axis) as [Axis, Axis];
    return {
      axis,
      uri: toDataUri(image, through && { rows: through[rows], columns: through[columns] }),
      ...(region === undefined ? {} : { through: region[axis] }),
    };
  });
}

async function readMasked(
  store: ObjectStore,
  { volume, view }: PreparedScan,
  signal: AbortSignal,
): Promise<ReportImage[]> {
  const prefix = await volumePrefix(store, volume.digest);
  const level = await readLevel(store, prefix, view.level, { signal });
  const { valid } = await readView(store, view);
  return containerPicture(level, valid, view.bin).map((uri, axis) => ({ axis: axis as Axis, uri }));
}

/** Box and margin together, where there is a crop. */
function cropRegion({ box, margin, prepared }: ScanStatus): Box | undefined {
  return box === undefined || margin === undefined || prepared === undefined
    ? undefined
    : growBox(box, margin, prepared.volume.shape);
}

async function readProfiles(
  store: ObjectStore,
  { stages }: ScanStatus,
  { view }: PreparedScan,
): Promise<ReportProfile[]> {
  const localized = stages?.["localize"]?.key.split(",") ?? [];
  const scale = view.bin * 2 ** view.level;
  return Promise.all(
    localized.map(async (key) => {
      const { axis, profile } = await readCertainty(store, key);
      const { values, offset, stride } = profile;
      return {
        axis: axis as Axis,
        at: values.map((_, i) => (offset + stride * i + 0.5) * scale),
        values,
      };
    }),
  );
}

/** How the found box compares with the true one, and how much of the specimen the crop lost. */
async function score(
  status: ScanStatus,
  truth: BatchTruth[string],
  parts: Gaps,
): Promise<ReportTruth> {
  const { scan, box, prepared, outcome } = status;
  const shape = prepared?.volume.shape;
  const compared =
    box !== undefined && truth.box !== undefined && shape !== undefined
      ? boxMetrics(box, truth.box, shape)
      : undefined;
  const kept: Box | undefined =
    shape === undefined || outcome === "failed" || outcome === "cancelled"
      ? undefined
      : (cropRegion(status) ?? fullBox(shape));
  const { mask } = truth;
  const lost =
    mask === undefined || kept === undefined || shape === undefined
      ? undefined
      : await attempt("lost voxels", parts, () =>
          countOutside({ scan, mask, kept, shape }, parts.signal),
        );
  return {
    ...(truth.box === undefined ? {} : { box: truth.box }),
    ...(compared === undefined ? {} : { maePx: compared.maePx, relAxis: compared.relAxis }),
    ...(lost === undefined
      ? {}
      : {
          lostVoxels: lost.outside,
          lostFraction: lost.all === 0 ? 0 : lost.outside / lost.all,
        }),
  };
}

async function readVoxels(
  store: ObjectStore,
  { stages }: ScanStatus,
): Promise<Readonly<Record<string, number>> | undefined> {
  const key = stages?.["segment"]?.key;
  if (key === undefined) return undefined;
  const manifest = await readManifest(store, "segment", key);
  return (manifest?.result as unknown as SegmentationResult | undefined)?.voxels;
}

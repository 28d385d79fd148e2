import { writeFile } from "node:fs/promises";
import { CorruptData, NotFound } from "../../domain/errors.ts";
import { boxShape } from "../../domain/volumes/box.ts";
import { fillValue } from "../../domain/volumes/fill-value.ts";
import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";
import type { VoxelArray } from "../../domain/volumes/shape.ts";
import { keys } from "../../schemas/names.ts";
import type { ObjectStore } from "../deps.ts";
import { findVolume } from "../retention/find-volume.ts";
import { parseJson, readManifest, toJson } from "../stage/manifests.ts";
import { findMissing } from "../verify/find-missing.ts";
import { type CropRecord, readCropRecord } from "./crop-record.ts";
import type { ExportFormat } from "./export-volume.ts";
import type { ExportedVolume } from "./exported-volume.ts";
import { replacePath } from "./replace-path.ts";
import { streamPlanes } from "./stream-planes.ts";
import { comparedPlanes, filledPlanes } from "./uncrop-planes.ts";
import { volumeInfo } from "./volume-info.ts";
import { FILE_WRITERS } from "./file-writers.ts";
import type { LongOptions } from "./write-pyramid.ts";
import { writePart, writeZarr } from "./write-zarr.ts";

export interface UncropOptions extends LongOptions {
  readonly format: ExportFormat;
  /** The file to write (`ome-zarr`: the folder); replaced when it is whole. */
  readonly to: string;
  /** Where to say how it was made, for formats that cannot hold that; see `uncropRecordPath`. */
  readonly recordTo: string;
}

/** How the whole was rebuilt. */
export interface Uncropped {
  /** Where the voxels outside the crop come from; `filled`: nowhere, they are one value. */
  readonly shell: "kept" | "quarantined" | "filled";
  /** That value, and what it is. */
  readonly fill?: number;
  readonly fillFrom?: "median of the background" | "nothing recorded";
}

/**
 * Rebuild the full-size volume of a crop as a file. Streamed: a row of chunks of the crop and of the
 * volume are in memory.
 *
 * While the whole volume is in the store or in quarantine, the result has its voxels, byte for byte,
 * and the crop is compared with them on the way. Once it is purged, what is outside the crop is
 * filled with the median of the background that the crop recorded: a constant without noise, 0 where
 * an early record holds none. The specimen's voxels are the crop's in either case.
 */
export async function uncrop(
  store: ObjectStore,
  crop: string,
  { format, to, recordTo, signal, onProgress }: UncropOptions,
): Promise<Uncropped> {
  const record = await readCropRecord(store, crop);
  const prefix = keys.crop(crop);
  await requireWhole(store, "crop", crop);
  const info = await volumeInfo(store, prefix);
  const { shape, dtype, volume: digest } = record.source;
  if (info.shape.join() !== boxShape(record.region).join() || info.dtype !== dtype) {
    throw new CorruptData(
      `${prefix} has shape ${info.shape.join("×")} of ${info.dtype}, its record says ${boxShape(record.region).join("×")} of ${dtype}`,
    );
  }
  const shell = await findVolume(store, digest);
  if (shell?.where === "volume") await requireWhole(store, "ingest", digest);
  const how = describe(record, shell?.where);
  const sources = {
    ...{ shape, dtype, region: record.region, name: info.name },
    crop: streamPlanes(store, prefix, 0, undefined, { signal }),
  };
  const planes =
    shell === undefined
      ? filledPlanes(sources, how.fill ?? 0)
      : comparedPlanes(sources, streamPlanes(store, shell.prefix, 0, undefined, { signal }));
  const volume: ExportedVolume = {
    ...{ shape, dtype, signal },
    voxelSizeUm: info.voxelSizeUm,
    origin: info.origin,
    placement: { scale: 1, shift: [0, 0, 0] },
    planes: counted(planes, shape[0], onProgress),
  };
  const said: JsonObject = {
    uncropped: { crop, volume: digest, region: record.region, ...how },
  };
  await replacePath(to, async (path) => {
    if (format === "ome-zarr") {
      await writeZarr(path, async (target, root) => {
        await writePart(target, root, info, volume);
        await remember(target, `${root}/zarr.json`, said);
      });
    } else {
      await FILE_WRITERS[format](path, volume);
    }
    signal?.throwIfAborted();
    // What was moved while it was read may have been read as holes.
    const now = await findVolume(store, digest);
    if (now?.prefix !== shell?.prefix) {
      throw new NotFound(`${info.name}: the whole volume was moved meanwhile; run it again`);
    }
    if (format === "ome-zarr") return;
    await replacePath(recordTo, (file) => writeFile(file, toJson(said)));
  });
  return how;
}

function describe(
  { background, source }: CropRecord,
  where: "volume" | "quarantined" | undefined,
): Uncropped {
  if (where !== undefined) return { shell: where === "volume" ? "kept" : "quarantined" };
  return background === undefined || background === null
    ? { shell: "filled", fill: 0, fillFrom: "nothing recorded" }
    : {
        shell: "filled",
        fill: fillValue(background.median, source.dtype),
        fillFrom: "median of the background",
      };
}

/** A chunk that is gone would be read as zeros: what the manifest promises must be there. */
async function requireWhole(
  store: ObjectStore,
  stage: "crop" | "ingest",
  key: string,
): Promise<void> {
  const manifest = await readManifest(store, stage, key);
  if (manifest === undefined) {
    throw new NotFound(`${keys.manifest(stage, key)} does not exist: its result is not whole`);
  }
  const problem = await findMissing(store, manifest.outputs);
  if (problem === undefined) return;
  throw new CorruptData(`${problem}; \`microtome verify\` says what else is damaged`);
}

/** Put a record into the document of an image. */
async function remember(store: ObjectStore, key: string, record: JsonObject): Promise<void> {
  const bytes = await store.get(key);
  if (bytes === undefined) throw new NotFound(`${store.url(key)} does not exist`);
  const document = parseJson(bytes, key) as { attributes: { microtome?: JsonObject } };
  const { attributes } = document;
  await store.put(
    key,
    toJson({
      ...document,
      attributes: { ...attributes, microtome: { ...attributes.microtome, record } },
    }),
  );
}

async function* counted(
  planes: AsyncIterable<VoxelArray>,
  total: number,
  onProgress: LongOptions["onProgress"],
): AsyncGenerator<VoxelArray> {
  let done = 0;
  for await (const plane of planes) {
    yield plane;
    onProgress?.(++done / total);
  }
}

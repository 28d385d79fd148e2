import { CorruptData, NotFound } from "../../domain/errors.ts";
import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";
import type { Downsampling } from "../../domain/volumes/pyramid.ts";
import type { Dtype, Zyx } from "../../domain/volumes/shape.ts";
import type { ObjectStore } from "../deps.ts";
import { parseJson } from "../stage/manifests.ts";
import { openLevel } from "./open-level.ts";

/** What a volume's documents say of it. */
export interface VolumeInfo {
  readonly name: string;
  readonly shape: Zyx;
  readonly dtype: Dtype;
  readonly voxelSizeUm: Zyx;
  /** Of each level, level 0 first. */
  readonly shapes: readonly Zyx[];
  readonly downsampling: Downsampling;
  readonly window: readonly [lo: number, hi: number] | undefined;
  readonly origin: JsonObject | undefined;
  readonly metadata: JsonObject | undefined;
  readonly record: JsonObject | undefined;
}

const DOWNSAMPLINGS: readonly Downsampling[] = ["mean", "mode", "nearest"];

interface GroupDocument {
  readonly attributes?: {
    readonly ome?: {
      readonly multiscales?: readonly {
        readonly name?: string;
        readonly type?: string;
        readonly datasets?: readonly {
          readonly path: string;
          readonly coordinateTransformations: readonly { readonly scale?: readonly number[] }[];
        }[];
      }[];
      readonly omero?: {
        readonly channels?: readonly {
          readonly window?: { readonly start: number; readonly end: number };
        }[];
      };
    };
    readonly microtome?: { readonly [name: string]: JsonObject | undefined };
  };
}

/** Read the documents of a volume; `NotFound` when there is none, `CorruptData` when they make no sense. */
export async function volumeInfo(store: ObjectStore, prefix: string): Promise<VolumeInfo> {
  const key = `${prefix}/zarr.json`;
  const bytes = await store.get(key);
  if (bytes === undefined) throw new NotFound(`There is no volume at ${store.url(prefix)}`);
  const { ome, microtome } = (parseJson(bytes, key) as GroupDocument | null)?.attributes ?? {};
  const multiscale = ome?.multiscales?.[0];
  const scale = multiscale?.datasets?.[0]?.coordinateTransformations.find((t) => t.scale)?.scale;
  if (multiscale?.datasets === undefined || scale?.length !== 3) {
    throw new CorruptData(
      `${store.url(key)} is not the document of a three-dimensional OME-Zarr image`,
    );
  }
  const levels = await Promise.all(
    multiscale.datasets.map((_, level) => openLevel(store, prefix, level)),
  );
  const window = ome?.omero?.channels?.[0]?.window;
  return {
    name: multiscale.name ?? "",
    shape: levels[0]!.shape,
    dtype: levels[0]!.dtype,
    voxelSizeUm: scale as unknown as Zyx,
    shapes: levels.map(({ shape }) => shape),
    downsampling: DOWNSAMPLINGS.find((mode) => mode === multiscale.type) ?? "mean",
    window: window === undefined ? undefined : [window.start, window.end],
    origin: microtome?.["origin"],
    metadata: microtome?.["metadata"],
    record: microtome?.["record"],
  };
}

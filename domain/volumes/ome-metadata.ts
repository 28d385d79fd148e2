import type { Dtype, Zyx } from "./shape.ts";
import type { Downsampling } from "./pyramid.ts";

/** What a JSON document can hold. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** What the `microtome` attribute of a volume remembers beside OME's own fields. */
export interface Provenance {
  /** What export needs to give back the source's header: its format, affine, units. */
  readonly origin?: JsonObject;
  /** What the user said of the scan. */
  readonly metadata?: JsonObject;
  /** Anything a stage wants to record, such as the box of a crop. */
  readonly record?: JsonObject;
}

export interface VolumeDescription extends Provenance {
  readonly name: string;
  readonly dtype: Dtype;
  /** Micrometres per voxel at level 0. */
  readonly voxelSizeUm: Zyx;
  /** Of each level, level 0 first. */
  readonly shapes: readonly Zyx[];
  readonly downsampling: Downsampling;
  /** Voxels are labels; `source` is the image that they belong to, relative to theirs. */
  readonly labels?: { readonly source?: string };
  /** Values that a viewer shows as black and white. */
  readonly window?: readonly [lo: number, hi: number];
}

/**
 * The group document of an OME-Zarr 0.5 image: one multiscale whose datasets are named `0`, `1`, …
 *
 * Level k has voxels of `s·2^k`, the first of which is centred at `s·(2^k − 1)/2`, so that all
 * levels show the same place at the same physical coordinate.
 * @see https://ngff.openmicroscopy.org/0.5/
 */
export function omeMetadata(volume: VolumeDescription): JsonObject {
  const { name, voxelSizeUm, shapes, window, origin, metadata, record, labels } = volume;
  const datasets = shapes.map((_, level) => ({
    path: String(level),
    coordinateTransformations: [
      { type: "scale", scale: voxelSizeUm.map((s) => s * 2 ** level) },
      { type: "translation", translation: voxelSizeUm.map((s) => (s * (2 ** level - 1)) / 2) },
    ],
  }));
  const multiscale = {
    name,
    axes: ["z", "y", "x"].map((axis) => ({ name: axis, type: "space", unit: "micrometer" })),
    datasets,
    type: volume.downsampling,
    metadata: { description: `2x2x2 ${volume.downsampling} per level` },
  };
  return {
    zarr_format: 3,
    node_type: "group",
    attributes: {
      ome: {
        version: "0.5",
        multiscales: [multiscale],
        ...(labels === undefined ? {} : { "image-label": imageLabel(labels) }),
        ...(window === undefined || labels ? {} : { omero: greyChannel(volume.dtype, window) }),
      },
      microtome: {
        format: 1,
        ...(origin === undefined ? {} : { origin }),
        ...(metadata === undefined ? {} : { metadata }),
        ...(record === undefined ? {} : { record }),
      },
    },
  };
}

/** @see https://ngff.openmicroscopy.org/0.5/#label-md */
function imageLabel({ source }: { readonly source?: string }): JsonObject {
  return source === undefined ? {} : { source: { image: source } };
}

function greyChannel(dtype: Dtype, [start, end]: readonly [number, number]): JsonObject {
  const [min, max] = VALUES[dtype] ?? [Math.min(start, end), Math.max(start, end)];
  const channel = {
    label: "attenuation",
    color: "FFFFFF",
    active: true,
    window: { min, max, start, end: end > start ? end : start + 1 },
  };
  return { channels: [channel], rdefs: { model: "greyscale" } };
}

const VALUES: Partial<Record<Dtype, readonly [number, number]>> = {
  uint8: [0, 2 ** 8 - 1],
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint16: [0, 2 ** 16 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
};

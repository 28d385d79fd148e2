import { CorruptData, UnsupportedFormat } from "../../../domain/errors.ts";
import { bytesPerVoxel } from "../../../domain/volumes/dtype.ts";
import type { JsonObject } from "../../../domain/volumes/ome-metadata.ts";
import type { Dtype, Zyx } from "../../../domain/volumes/shape.ts";
import { HDF5_TYPES, type Hdf5Volume } from "./hdf5-volume.ts";
import type { Hdf5Library, Hdf5Place } from "./hdf5-library.ts";
import type { Hdf5Tree } from "./hdf5-links.ts";
import { findVoxelSize } from "./hdf5-voxel-size.ts";

/** What the thread that runs the library says of a file. */
export interface Hdf5Description {
  readonly shape: Zyx;
  readonly dtype: Dtype;
  /** Planes in a chunk; 1 without chunks. */
  readonly depth: number;
  readonly voxelSizeUm: Zyx | undefined;
  /** The named file and those that it takes voxels from. */
  readonly files: readonly string[];
  readonly origin: JsonObject;
}

/** Filters of the library itself. */
const BUILT_IN = new Set([1, 2, 3, 4, 5, 6]);
/** Registered filters that the plug-ins bring, by number. */
const PLUGINS: Partial<Record<number, string>> = {
  307: "bzip2",
  32000: "lzf",
  32001: "blosc",
  32004: "lz4",
  32008: "bitshuffle",
  32013: "zfp",
  32015: "zstd",
  32019: "jpeg",
  32022: "bitgroom",
  32023: "bitround",
  32026: "blosc2",
};

/** The library decodes a chunk as a whole, in a memory of 2 GiB. */
const MAX_CHUNK = 512 * 1024 * 1024;

/** A file of voxels smaller than this share of them was never filled: no filter packs so well. */
const MAX_RATIO = 32_768;

/**
 * Check that a data set can be read as it claims to be, and gather what its file says of it. Looks
 * at its first and last voxel: `CorruptData` when they are not there.
 *
 * @param fileBytes the size of a file
 */
export function describeVolume(
  library: Hdf5Library,
  tree: Hdf5Tree,
  volume: Hdf5Volume,
  subject: string,
  fileBytes: (path: string) => number,
): Hdf5Description {
  const { place, layout, shape, axes } = volume;
  const name = volume.names[0]!;
  const dtype = HDF5_TYPES[layout.type];
  if (dtype === undefined || bytesPerVoxel(dtype) !== layout.voxelBytes) {
    const hint =
      layout.type === "float64"
        ? ", which float32 would round; convert it yourself if that is fine"
        : "";
    throw new UnsupportedFormat(
      `${subject}: ${name} holds ${layout.type}${hint === "" ? ", expected 8, 16 or 32-bit whole numbers or float32" : hint}`,
    );
  }
  const filters = checkFilters(place, name);
  checkChunks();
  const sources = checkSources();
  const stored = tree.files().reduce((sum, file) => sum + fileBytes(file), 0);
  const voxels = shape[0] * shape[1] * shape[2];
  if (
    voxels * layout.voxelBytes >
    stored * (layout.chunks === undefined && sources === 0 ? 1 : MAX_RATIO)
  ) {
    throw new CorruptData(
      `${subject} is truncated or was never filled: ${name} of [${shape}] ${dtype} takes ${voxels * layout.voxelBytes} bytes, the file has ${stored}`,
    );
  }
  for (const corner of [[0, 0, 0], shape.map((n) => n - 1)]) {
    const offset = layout.shape.map((_, axis) => corner[axes.indexOf(axis)] ?? 0);
    library.read(
      place,
      offset,
      layout.shape.map(() => 1),
      () => undefined,
    );
  }
  const found = findVoxelSize(library, tree, volume);
  const text = (key: string) => library.attribute(place, key);
  return {
    shape,
    dtype,
    depth: layout.chunks?.[axes[0]] ?? 1,
    voxelSizeUm: found?.voxelSizeUm,
    files: tree.files(),
    origin: {
      format: "hdf5",
      dataset: name,
      type: layout.type,
      filters,
      ...(layout.chunks === undefined ? {} : { chunks: [...layout.chunks] }),
      ...(found === undefined
        ? {}
        : { voxelSizeFrom: found.from, voxelSizeAssumed: [...found.assumed] }),
      ...intensity(),
    },
  };

  function checkFilters(dataset: Hdf5Place, shown: string): string[] {
    const all = library.filters(dataset);
    for (const { id, name: called } of all) {
      if (BUILT_IN.has(id)) continue;
      const known = PLUGINS[id];
      if (known !== undefined && library.plugins) continue;
      const why =
        known === undefined
          ? "which is not read; repack it with gzip (h5repack -f GZIP=1)"
          : "which takes the package h5wasm-plugins, which is not installed";
      throw new UnsupportedFormat(
        `${subject}: ${shown} is compressed with filter ${id} (${known ?? (called || "unknown")}), ${why}`,
      );
    }
    return all.map(({ id, name: called }) => PLUGINS[id] ?? called);
  }

  function checkChunks(): void {
    const chunk = layout.chunks?.reduce((a, b) => a * b, layout.voxelBytes) ?? 0;
    if (chunk <= MAX_CHUNK) return;
    throw new UnsupportedFormat(
      `${subject}: ${name} has chunks of [${layout.chunks}] voxels, ${chunk} bytes each, more than ${MAX_CHUNK}; repack it with smaller ones`,
    );
  }

  /** What a virtual data set does not find it fills up without a word. */
  function checkSources(): number {
    const { sources } = layout;
    if (sources.length === 0) return 0;
    const seen = new Map<string, number>();
    for (const { file, path } of sources) {
      if (/%\d*b/.test(file + path)) {
        throw new UnsupportedFormat(
          `${subject}: ${name} is put together from files numbered as ${file}, which is not read`,
        );
      }
      const root = file === "." ? { file: place.file, path: "/" } : tree.neighbour(place, file);
      const source = tree.resolveIn(root, path);
      const { shape: extent, type } = library.layout(source);
      if (type !== layout.type) {
        throw new UnsupportedFormat(
          `${subject}: ${name} of ${layout.type} is put together from ${file}${path} of ${type}`,
        );
      }
      checkFilters(source, `${file}${path}`);
      seen.set(
        `${library.identity(source)}`,
        extent.reduce((a, b) => a * b, 1),
      );
    }
    const given = [...seen.values()].reduce((a, b) => a + b, 0);
    const wanted = shape[0] * shape[1] * shape[2];
    if (given < wanted) {
      throw new CorruptData(
        `${subject}: ${name} has [${shape}] voxels, ${wanted} of them, and the data sets that it is put together from have ${given}`,
      );
    }
    return sources.length;
  }

  /** NeXus's names, then those of the CF conventions. */
  function intensity(): JsonObject {
    const slope = text("scaling_factor") ?? text("scale_factor");
    const intercept = text("offset") ?? text("add_offset");
    const units = text("units");
    return {
      ...(typeof slope === "number" ? { slope } : {}),
      ...(typeof intercept === "number" ? { intercept } : {}),
      ...(typeof units === "string" && units !== "" ? { intensityUnit: units } : {}),
    };
  }
}

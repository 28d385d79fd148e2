import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";
import type { Dtype, VoxelArray, Zyx } from "../../domain/volumes/shape.ts";

/** Where a scan is and how to read it, as the user says. */
export interface SourceSpec {
  /** The scan's id, for messages. */
  readonly scan: string;
  /**
   * A file, a folder, a pattern (`a/*.tif`), or one of these as `file://` or `s3://bucket/…`; a path
   * is relative to the batch file.
   */
  readonly source: string;
  /** The data set inside a container file, the array or image inside a Zarr group. */
  readonly dataset?: string | undefined;
  /** Micrometres per voxel, where the source does not say or only guesses (`resolveVoxelSize`). */
  readonly voxelSizeUm?: Zyx | readonly number[] | undefined;
  /** What the source says of the size of its voxels is wrong: `voxelSizeUm` goes before it. */
  readonly voxelSizeOverrides?: boolean | undefined;
  readonly raw?: RawSpec | undefined;
  readonly allowMissingSlices?: boolean | undefined;
}

/** How voxels lie in a file without a header. */
export interface RawSpec {
  readonly shape: Zyx | readonly number[];
  readonly dtype: Dtype;
  readonly endian?: "little" | "big" | undefined;
  /** Bytes to skip at the start of every file. */
  readonly headerBytes?: number | undefined;
}

/** What a source turned out to be. */
export type SourceFormat =
  "tiff-slices" | "tiff" | "nifti" | "nrrd" | "raw" | "metaimage" | "hdf5" | "ome-zarr";

/** A scan that can be read, plane by plane, any number of times. */
export interface ScanSource {
  readonly format: SourceFormat;
  readonly shape: Zyx;
  readonly dtype: Dtype;
  /** What the source's metadata says; undefined when it does not. */
  readonly voxelSizeUm: Zyx | undefined;
  /** Absolute paths or `s3://` URLs, in reading order. */
  readonly files: readonly string[];
  /**
   * What each file is called inside the source, where the name says what the bytes mean (the chunks
   * of a Zarr array); undefined where the order of the files says it all.
   */
  readonly names?: readonly string[];
  /** What export needs to give back the source's header: format, affine, units, byte order. */
  readonly origin: JsonObject;
  /**
   * The planes in the order of z, each `[y, x]`, in native byte order, as stored (no slope or
   * intercept applied). Its memory is used again for the next one. Throws `CorruptData` for missing bytes and
   * for voxels that are not finite.
   *
   * @param place where the caller wants a plane, if there is room now: a source may read it right
   *   there, which saves a copy, and then the plane it gives is a view of that memory
   */
  planes(signal?: AbortSignal, place?: PlanePlace): AsyncGenerator<VoxelArray, void, undefined>;
}

/** Memory for plane `z`, of a plane's length; undefined where there is none now. */
export type PlanePlace = (z: number) => Uint8Array | undefined;

import { CorruptData } from "../../../domain/errors.ts";
import type { JsonObject } from "../../../domain/volumes/ome-metadata.ts";
import type { Zyx } from "../../../domain/volumes/shape.ts";
import type { Directory } from "./tiff-directory.ts";
import { describeImagej } from "./tiff-imagej.ts";
import { describeOme } from "./tiff-ome.ts";
import { TAG, type TiffPage } from "./tiff-page.ts";
import { measuredSize, readResolution } from "./tiff-resolution.ts";

/** The attributes of OME's `Pixels` that say what the pages are. */
export interface OmePages {
  readonly SizeX: number | undefined;
  readonly SizeY: number | undefined;
  readonly SizeZ: number | undefined;
  readonly Type: string | undefined;
  /** A page that is not at its place, in words. */
  readonly misplaced: string | undefined;
}

/** What the description and the resolution tags of a first page say. */
export interface TiffDescription {
  /** Planes according to ImageJ, in a file that may have one directory for all; undefined otherwise. */
  readonly planes: number | undefined;
  /** What OME says of the pages; undefined without OME. */
  readonly pixels: OmePages | undefined;
  readonly voxelSizeUm: Zyx | undefined;
  /** A distance that is none, in words; `checkSpacing` refuses it. */
  readonly badSpacing: string | undefined;
  readonly origin: JsonObject;
}

/**
 * Read ImageJ's or OME's description, else the resolution tags. Without a distance of slices,
 * voxels are taken for cubes, and `origin.zAssumed` says so.
 */
export async function describeTiff(
  directory: Directory,
  subject: string,
): Promise<TiffDescription> {
  const text = await directory.text(TAG.description);
  if (text.includes("<OME") && text.includes("<Pixels")) return describeOme(text, subject);
  if (text.startsWith("ImageJ=")) {
    return describeImagej(text, await readResolution(directory), subject);
  }
  const voxelSizeUm = await measuredSize(directory);
  const nothing = { planes: undefined, pixels: undefined, badSpacing: undefined };
  return { ...nothing, voxelSizeUm, origin: voxelSizeUm === undefined ? {} : { zAssumed: true } };
}

/** OME's names of types that are not ours. */
const OME_TYPES: Partial<Record<string, string>> = { float: "float32", double: "float64" };

/** `CorruptData` when the description says something else than the first page and the number of pages. */
export function checkDescribedPages(
  { planes, pixels }: TiffDescription,
  { width, height, dtype }: TiffPage,
  pages: number,
  named: string,
): void {
  if (planes !== undefined && pages > 1 && planes !== pages) {
    throw new CorruptData(`${named} says ${planes} images in ImageJ's way, but has ${pages} pages`);
  }
  const { SizeX = width, SizeY = height, Type = dtype } = pixels ?? {};
  for (const [name, said, found] of [
    ["SizeX", SizeX, width],
    ["SizeY", SizeY, height],
    ["Type", OME_TYPES[Type] ?? Type, dtype],
  ] as const) {
    if (said === found) continue;
    throw new CorruptData(
      `${named} says ${name}=${said} in its OME description, but its first page has ${found}`,
    );
  }
}

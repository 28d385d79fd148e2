import { basename } from "node:path";
import { InvalidInput } from "../../../domain/errors.ts";
import type { VoxelArray, Zyx } from "../../../domain/volumes/shape.ts";
import { checkNumbering } from "../natural-order.ts";
import { checkFinite } from "../plane-checks.ts";
import type { PlanePlace, ScanSource, SourceSpec } from "../source.ts";
import { checkSpacing } from "../voxel-size/spacing-check.ts";
import { openTiffFile } from "./tiff-file.ts";
import { describeSize, pageBytes, type TiffPage } from "./tiff-page.ts";

/** Slices read ahead of the one that is wanted. */
const AHEAD = 4;

/**
 * One TIFF file per slice. `InvalidInput` when a number is missing in their names, or when slices
 * differ in size or type: found at once for the last slice, and as they are read for the others.
 */
export async function openTiffSlices(
  spec: SourceSpec,
  paths: readonly string[],
): Promise<ScanSource> {
  const { scan } = spec;
  checkNumbering(
    paths.map((path) => basename(path)),
    spec.allowMissingSlices ?? false,
    scan,
  );
  const subjectOf = (z: number) => `${scan}: slice ${z + 1} of ${paths.length}`;
  const first = await openSlice(paths[0]!, subjectOf(0));
  await first.file.close();
  const { page, description, layout } = first;
  checkSpacing(description.badSpacing, spec, `${subjectOf(0)} (${basename(paths[0]!)})`);
  const last = await openSlice(paths.at(-1)!, subjectOf(paths.length - 1));
  await last.file.close();
  checkSame(last.page, paths.at(-1)!);

  function checkSame(other: TiffPage, path: string): void {
    if (describeSize(other) === describeSize(page)) return;
    throw new InvalidInput(
      `${scan}: slices differ: ${basename(path)} is ${describeSize(other)}, but ${basename(paths[0]!)} is ${describeSize(page)}`,
    );
  }

  async function readSlice(z: number, into: Uint8Array): Promise<VoxelArray> {
    const path = paths[z]!;
    const slice = await openSlice(path, subjectOf(z));
    try {
      checkSame(slice.page, path);
      const plane = await slice.readPlane(0, subjectOf(z), into);
      return checkFinite(plane, page.width, `${subjectOf(z)} (${basename(path)})`);
    } finally {
      await slice.file.close();
    }
  }

  const shape: Zyx = [paths.length, page.height, page.width];
  return {
    format: "tiff-slices",
    shape,
    dtype: page.dtype,
    voxelSizeUm: description.voxelSizeUm,
    files: paths,
    origin: { format: "tiff-slices", endian: layout.endian, ...description.origin },
    async *planes(signal, place?: PlanePlace) {
      const coming: Promise<VoxelArray>[] = [];
      // Those that are read, and the one that the caller still looks at.
      const memory: Uint8Array[] = [];
      const own = (i: number) => (memory[i % (AHEAD + 1)] ??= new Uint8Array(pageBytes(page)));
      let z = 0;
      try {
        for (let done = 0; done < paths.length; done++) {
          signal?.throwIfAborted();
          for (; z < paths.length && coming.length < AHEAD; z++) {
            coming.push(guard(readSlice(z, place?.(z) ?? own(z))));
          }
          yield await coming.shift()!;
        }
      } finally {
        await Promise.allSettled(coming);
      }
    },
  };
}

async function openSlice(path: string, subject: string) {
  const slice = await openTiffFile(path, subject);
  if (slice.planes === 1) return slice;
  await slice.file.close();
  throw new InvalidInput(`${subject} (${basename(path)}) holds ${slice.planes} pages, expected 1`);
}

/** A slice read ahead may fail before somebody waits for it. */
function guard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

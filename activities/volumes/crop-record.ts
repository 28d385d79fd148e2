import { CorruptData, NotFound } from "../../domain/errors.ts";
import type { Box, Dtype, Zyx } from "../../domain/volumes/shape.ts";
import { keys } from "../../schemas/names.ts";
import type { ObjectStore } from "../deps.ts";
import { findDocument } from "../stage/documents.ts";

/** What `crop.json` must say for the crop to be reversed; the rest of it is for people. */
export interface CropRecord {
  readonly box: Box;
  readonly margin: Box;
  /** Box and margin, clipped: what the crop holds, in voxels of the whole volume. */
  readonly region: Box;
  readonly source: {
    /** Digest of the whole volume. */
    readonly volume: string;
    readonly shape: Zyx;
    readonly dtype: Dtype;
    /** Digest of the user's files; not in records of earlier versions. */
    readonly sourceDigest?: string | null;
  };
  /** What lies around the region: nothing where it is all; not in records of earlier versions. */
  readonly background?: {
    readonly mean: number;
    readonly standardDeviation: number;
    readonly median: number;
    readonly count: number;
  } | null;
}

/** Read the record of a crop; `NotFound` when there is none, `CorruptData` when it cannot be reversed. */
export async function readCropRecord(store: ObjectStore, crop: string): Promise<CropRecord> {
  const key = keys.cropRecord(crop);
  const found = await findDocument<Partial<CropRecord> | null>(store, key);
  if (found === undefined) throw new NotFound(`There is no crop ${crop} in the store`);
  const { region, source } = found ?? {};
  const fits = region?.every(([lo, hi], axis) => {
    const end = source?.shape?.[axis] ?? 0;
    return Number.isInteger(lo) && Number.isInteger(hi) && 0 <= lo && lo < hi && hi <= end;
  });
  const digest = /^[0-9a-f]{64}$/.test(source?.volume ?? "");
  if (fits !== true || region?.length !== 3 || source?.shape.length !== 3 || !digest) {
    throw new CorruptData(
      `${store.url(key)} does not say where in which volume the crop lies (region, source)`,
    );
  }
  return found as CropRecord;
}

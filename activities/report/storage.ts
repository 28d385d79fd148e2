import { boxVolume, growBox } from "../../domain/volumes/box.ts";
import { voxelCount } from "../../domain/volumes/shape.ts";
import type { ScanStatus } from "../../schemas/result.ts";
import type { Retained } from "../../schemas/retention.ts";

/** The whole volume, and the crop that can stand in for it. */
export interface BeforeAfter {
  readonly before: number;
  readonly after: number;
}

/**
 * What cropping saves, three ways. A way that results of earlier versions do not tell is absent.
 * Whether the whole volume is still in the store besides is another question: see its retention.
 */
export interface Storage {
  readonly voxels?: BeforeAfter;
  /** At full resolution, as stored: after the same lossless codec. */
  readonly bytes?: BeforeAfter;
  /** The same with the coarser levels and documents. */
  readonly allBytes?: BeforeAfter;
  /** Objects in the store, all levels and documents. */
  readonly objects?: BeforeAfter;
}

export const STORAGE_WAYS = ["voxels", "bytes", "allBytes", "objects"] as const;

/** What cropping saves of one scan; undefined where it was not cropped. */
export function scanStorage(scan: ScanStatus): Storage | undefined {
  const { outcome, prepared, box, margin, volumeBytes, cropBytes } = scan;
  if (outcome !== "cropped") return undefined;
  const shape = prepared?.volume.shape;
  const kept = box && margin && shape && boxVolume(growBox(box, margin, shape));
  const [whole, crop] = [scan.volumeStored, scan.cropStored];
  return pruned({
    voxels: pair(shape && voxelCount(shape), kept),
    bytes: pair(whole?.level0Bytes ?? volumeBytes, crop?.level0Bytes ?? cropBytes),
    allBytes: pair(whole?.bytes, crop?.bytes),
    objects: pair(whole?.objects, crop?.objects),
  });
}

/** The sums over scans, of each way over those scans that tell it; undefined where none does. */
export function totalStorage(scans: readonly (Storage | undefined)[]): Storage | undefined {
  const sums = STORAGE_WAYS.map((way) => {
    const known = scans.flatMap((scan) => scan?.[way] ?? []);
    return [way, known.length === 0 ? undefined : sum(known)] as const;
  });
  const total = pruned(Object.fromEntries(sums));
  return Object.keys(total).length === 0 ? undefined : total;
}

/** The share that is saved, 0 to 1; negative where the crop takes more. */
export function savedShare({ before, after }: BeforeAfter): number {
  return before === 0 ? 0 : 1 - after / before;
}

/** Where the whole volume is, in words: `in quarantine until 2026-12-24`. */
export function describeRetained({ state, until, reason }: Retained): string {
  switch (state) {
    case "quarantined":
      return `in quarantine until ${until?.slice(0, 10) ?? "?"}`;
    case "purged":
      return "purged";
    case "kept":
      return `kept${reason === undefined ? "" : `: ${reason}`}`;
  }
}

function pair(before: number | undefined, after: number | undefined): BeforeAfter | undefined {
  return before === undefined || after === undefined ? undefined : { before, after };
}

function sum(pairs: readonly BeforeAfter[]): BeforeAfter {
  return pairs.reduce((a, b) => ({ before: a.before + b.before, after: a.after + b.after }));
}

function pruned(ways: { [way in keyof Storage]?: BeforeAfter | undefined }): Storage {
  return Object.fromEntries(Object.entries(ways).filter(([, way]) => way !== undefined));
}

import { InvalidInput } from "../../domain/errors.ts";
import { findScans, unknownScan } from "./find-scans.ts";
import type { FindScansOptions } from "./find-scans.ts";
import type { OpenScansRequest, ScanRequest } from "./open-scans.ts";
import { drawHalf, planSplits } from "./plan-splits.ts";
import type { PlanSplitsOptions, ScanSplit } from "./plan-splits.ts";
import { readDirections } from "./read-directions.ts";
import { readTruthFile } from "./read-truth-file.ts";

export interface PlanEvaluationOptions
  extends FindScansOptions, Omit<OpenScansRequest, "scans">, Omit<PlanSplitsOptions, "validation"> {
  /** Folder of scans. */
  readonly data: string;
  /** How many scans to hold out, or which ones. @default a quarter */
  readonly validation?: number | readonly string[];
  /** File of known boxes. */
  readonly truth?: string;
  /** Scans that point the other way: they are turned over. */
  readonly flip?: readonly string[];
  /** The same as a file; see `readDirections`. */
  readonly align?: string;
  /** Turn half of the scans over at random after that. */
  readonly flipHalf?: boolean;
}

/** Find the scans of a folder, what is known of them, and how to split them. Reads no voxels. */
export async function planEvaluation(
  options: PlanEvaluationOptions,
): Promise<{ readonly open: OpenScansRequest; readonly splits: readonly ScanSplit[] }> {
  const { data, truth, flip = [], align, flipHalf = false, size, bin, container, seed } = options;
  const found = await findScans(data, options);
  const names = found.map(({ scan }) => scan);
  const { validation = Math.max(1, Math.round(names.length / 4)) } = options;
  const splits = planSplits(names, { ...options, validation });
  const stranger = flip.find((name) => !names.includes(name));
  if (stranger !== undefined) throw unknownScan(stranger, names);
  if (align !== undefined && flip.length > 0) {
    throw new InvalidInput("Expected the scans to turn over by name or as a file, got both");
  }
  const directions =
    align === undefined
      ? new Map(flip.map((name) => [name, -1 as const]))
      : await readDirections(align);
  const boxes = truth === undefined ? undefined : await readTruthFile(truth);
  if (boxes !== undefined && !names.some((name) => boxes.has(name))) {
    throw new InvalidInput(
      `${truth}: knows none of the scans ${names.join(", ")}, but ${[...boxes.keys()].join(", ")}`,
    );
  }
  const half = flipHalf ? drawHalf(names, seed) : new Set<string>();
  const scans = found.map(({ scan, source }): ScanRequest => {
    const direction = directions.get(scan) ?? 1;
    const box = boxes?.get(scan);
    return {
      scan,
      source,
      direction,
      reversed: (direction === -1) !== half.has(scan),
      ...(box === undefined ? {} : { truth: box }),
    };
  });
  return { open: { scans, size, bin, container }, splits };
}

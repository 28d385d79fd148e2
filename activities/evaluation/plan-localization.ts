import { InvalidInput } from "../../domain/errors.ts";
import { findMasks } from "./find-masks.ts";
import { findScans } from "./find-scans.ts";
import type { FindScansOptions } from "./find-scans.ts";
import type { LocalizationScans } from "./localization-request.ts";
import type { OpenScansRequest, ScanRequest } from "./open-scans.ts";
import { readTruthFile } from "./read-truth-file.ts";

export interface PlanLocalizationOptions
  extends FindScansOptions, Omit<OpenScansRequest, "scans" | "levels"> {
  /** Folder of scans. */
  readonly data: string;
  /** File of known boxes. */
  readonly truth: string;
  /** Folder of masks of specimens. @default beside the scans */
  readonly masks?: string;
  /** Share of the axis that is added to every face. */
  readonly margin: number;
}

/**
 * Find the scans of a folder and what is known of them. Reads no voxels. All scans are localized;
 * those with a known box are scored, at least one.
 */
export async function planLocalization(
  options: PlanLocalizationOptions,
): Promise<LocalizationScans> {
  const { data, truth, masks, margin, size, bin, container } = options;
  const found = await findScans(data, options);
  const names = found.map(({ scan }) => scan);
  const boxes = await readTruthFile(truth);
  const known = names.filter((name) => boxes.has(name));
  if (known.length === 0) {
    throw new InvalidInput(
      `${truth}: knows none of the scans ${names.join(", ")}, but ${[...boxes.keys()].join(", ")}`,
    );
  }
  const scans = found.map(({ scan, source }): ScanRequest => {
    const box = boxes.get(scan);
    return { scan, source, direction: 1, reversed: false, ...(box && { truth: box }) };
  });
  return {
    open: { scans, size, bin, container, levels: true },
    masks: await findMasks(data, known, masks),
    margin,
  };
}

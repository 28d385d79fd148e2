import type { Box, Grid, Mask } from "../volumes/shape.ts";
import { energyLocalizer } from "./energy.ts";
import type { EnergyLocalization } from "./energy.ts";
import { localizeFromMaps } from "./from-map.ts";
import { localizeFromProbability } from "./from-probability.ts";
import { localizeFromProfiles } from "./from-profiles.ts";
import type { CertaintyProfile } from "./from-profiles.ts";
import type { Place } from "./place.ts";
import type { CertaintyMap, View } from "./view.ts";

/** Everything that is known about one scan when its box is decided. */
export interface Evidence {
  readonly view: View;
  readonly place: Place;
  /** Window-wise certainty, one map per axis, and the windows' radius in voxels of the view. */
  readonly windows?: { readonly maps: readonly CertaintyMap[]; readonly radius: number };
  /** Whole-slice certainty along z, y, x. */
  readonly slices?: readonly [CertaintyProfile, CertaintyProfile, CertaintyProfile];
  /** How the threshold of a whole-slice profile is found. @default "otsu" */
  readonly rule?: "otsu" | "midpoint";
  /** A refinement network's probability of specimen per voxel of the view; overrules `windows`. */
  readonly probability?: Grid<Float32Array>;
}

/** Boxes at level 0 by who found them; a name is missing where nothing was found or asked. */
export interface FoundBoxes {
  readonly energy?: Box;
  readonly windows?: Box;
  readonly slices?: Box;
  readonly refined?: Box;
}

/** What each localizer makes of the evidence, before anything is decided. */
export interface Findings {
  readonly boxes: FoundBoxes;
  readonly energy: EnergyLocalization;
  /** The best localizer that had evidence: refined before windows before slices before energy. */
  readonly asked: keyof FoundBoxes;
  /** What the refinement network, else the energy, takes for specimen; of the view or finer. */
  readonly mask: Mask;
  /** A refinement network is sure of enough of the scan, in one place. */
  readonly clear: boolean;
  /** There are maps of windows, and nothing stands out in them. */
  readonly flat: boolean;
  /** What a person should know, in sentences. */
  readonly remarks: readonly string[];
}

/** Ask every localizer that has evidence, and always the label-free energy. */
export function findBoxes({ view, place, windows, slices, rule, probability }: Evidence): Findings {
  const energy = energyLocalizer(view, place);
  const map =
    windows && localizeFromMaps(windows.maps, view, place, { windowRadius: windows.radius });
  const whole =
    slices &&
    localizeFromProfiles(slices, { shape: view.values.shape, bin: view.bin }, place, rule);
  const refined = probability && localizeFromProbability(probability, view, place);
  const remarks: string[] = [];
  if (energy.pieces > 1) remarks.push(`The specimen shows in ${energy.pieces} pieces`);
  if (map && !map.box) {
    remarks.push(`The map of windows is flat (contrast ${map.contrast.toFixed(1)})`);
  }
  if (whole && whole.flat.length > 0) {
    remarks.push(`The certainty profile is flat along ${whole.flat.join(", ")}`);
  }
  return {
    boxes: {
      ...(energy.box && { energy: energy.box }),
      ...(map?.box && { windows: map.box }),
      ...(whole?.box && { slices: whole.box }),
      ...(refined?.box && { refined: refined.box }),
    },
    energy,
    mask: refined?.box ? refined.mask : energy.mask,
    clear: refined?.clear ?? false,
    flat: map !== undefined && map.box === undefined,
    asked: probability ? "refined" : windows ? "windows" : slices ? "slices" : "energy",
    remarks,
  };
}

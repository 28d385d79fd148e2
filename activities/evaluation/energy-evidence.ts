import { energyLocalizer } from "../../domain/localization/energy.ts";
import type { OpenedScan } from "./open-scans.ts";
import type { ScanEvidence } from "./reconcile-evidence.ts";
import { scanProfiles } from "./scan-profiles.ts";

/** What there is to decide by without learning: the energy, which every decision looks at anyway. */
export function energyEvidence({ view, place }: Pick<OpenedScan, "view" | "place">): ScanEvidence {
  const { profiles } = energyLocalizer(view, place);
  return { profiles: scanProfiles(profiles, view.bin, place) };
}

import { localizeFromProfiles } from "../../domain/localization/from-profiles.ts";
import type { CertaintyProfile } from "../../domain/localization/from-profiles.ts";
import { scoreSlices } from "../../domain/localization/score-slices.ts";
import type { RotationNetwork } from "../../domain/pretexts/pretext-network.ts";
import { AXES } from "../../domain/volumes/shape.ts";
import { driveSteps } from "../engine/drive-steps.ts";
import type { JobContext } from "../engine/job.ts";
import type { ScanEvidence } from "./reconcile-evidence.ts";
import type { FoundBox } from "./localization-request.ts";
import type { OpenedScan } from "./open-scans.ts";
import { scanProfiles } from "./scan-profiles.ts";

type Profiles = readonly [CertaintyProfile, CertaintyProfile, CertaintyProfile];

/** Certainty of whole slices: what a batch decides by, and the boxes of either score on its own. */
export interface SliceEvidence {
  readonly evidence: readonly ScanEvidence[];
  /** Of the paper's score, identical slices that are not turned. */
  readonly p0: readonly FoundBox[];
  /** Of turned copies. */
  readonly tta: readonly FoundBox[];
}

/** Score whole slices of all scans along each axis, in both ways. */
export async function sliceEvidence(
  network: RotationNetwork,
  scans: readonly OpenedScan[],
  { imageSize }: { readonly imageSize: number },
  context: JobContext,
): Promise<SliceEvidence> {
  const evidence: ScanEvidence[] = [];
  const found: Record<"p0" | "tta", FoundBox[]> = { p0: [], tta: [] };
  for (const [i, { scan, view, place }] of scans.entries()) {
    for (const score of ["p0", "tta"] as const) {
      const profiles: CertaintyProfile[] = [];
      for (const axis of AXES) {
        context.progress({ fraction: (i + axis / 3) / scans.length, note: `${scan}: slices` });
        const steps = scoreSlices(network, view, axis, { imageSize, score });
        profiles.push({ values: await driveSteps(steps, context), offset: 0, stride: 1 });
      }
      const slices = profiles as unknown as Profiles;
      const seen = { shape: view.values.shape, bin: view.bin };
      found[score].push(localizeFromProfiles(slices, seen, place).box);
      if (score === "p0") continue;
      const [z, y, x] = slices;
      evidence.push({
        slices,
        profiles: scanProfiles([z.values, y.values, x.values], view.bin, place),
      });
    }
  }
  return { evidence, ...found };
}

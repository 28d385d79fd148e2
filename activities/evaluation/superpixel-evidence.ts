import { localizeFromSuperpixels } from "../../domain/localization/from-superpixels.ts";
import { interpolate } from "../../domain/volumes/interpolate.ts";
import { scoreSuperpixels } from "../../domain/localization/score-superpixels.ts";
import type { SuperpixelMap } from "../../domain/localization/score-superpixels.ts";
import { sliceQuantiles } from "../../domain/localization/slice-quantiles.ts";
import type { PretrainConfig } from "../../domain/pretexts/pretrain-config.ts";
import type { SortingNetwork } from "../../domain/pretexts/pretext-network.ts";
import { AXES, type Zyx } from "../../domain/volumes/shape.ts";
import { driveSteps } from "../engine/drive-steps.ts";
import type { JobContext } from "../engine/job.ts";
import type { FoundBox } from "./localization-request.ts";
import type { DecidedScan } from "./localization-result.ts";
import type { OpenedScan } from "./open-scans.ts";
import { scanProfiles } from "./scan-profiles.ts";

const MAPS = ["embedding", "score"] as const;
const RULES = ["top", "otsu"] as const;

/** Where a sorting network's answers vary, in each scan: boxes by map and rule, and profiles. */
export interface SuperpixelEvidence {
  readonly boxes: readonly {
    readonly map: (typeof MAPS)[number];
    readonly rule: (typeof RULES)[number];
    readonly boxes: readonly FoundBox[];
  }[];
  /** Of the embeddings' variance, scan by scan. */
  readonly profiles: readonly DecidedScan["profiles"][];
}

/** Look at all scans with Monte-Carlo dropout, by both maps and both rules. */
export async function superpixelEvidence(
  network: SortingNetwork,
  scans: readonly OpenedScan[],
  { imageSize, dropouts }: Pick<PretrainConfig, "imageSize" | "dropouts">,
  context: JobContext,
): Promise<SuperpixelEvidence> {
  const boxes = MAPS.flatMap((map) =>
    RULES.map((rule) => ({ map, rule, boxes: [] as FoundBox[] })),
  );
  const profiles: DecidedScan["profiles"][] = [];
  for (const [i, { scan, view, place }] of scans.entries()) {
    for (const [k, map] of MAPS.entries()) {
      const fraction = (i + k / MAPS.length) / scans.length;
      context.progress({ fraction, note: `${scan}: superpixels` });
      const options = { imageSize, map, ...(dropouts && { dropouts }) };
      const found = await driveSteps(scoreSuperpixels(network, view, options), context);
      for (const one of boxes.filter((box) => box.map === map)) {
        one.boxes.push(localizeFromSuperpixels(found, view, place, { rule: one.rule }).box);
      }
      if (map === "embedding") profiles.push(profilesOf(found, view.values.shape, view, place));
    }
  }
  return { boxes, profiles };
}

/** The variance slice by slice of the view, as high quantiles, in shares of its largest value. */
function profilesOf(
  { values, origin, step }: SuperpixelMap,
  shape: Zyx,
  { bin }: Pick<OpenedScan["view"], "bin">,
  place: OpenedScan["place"],
): DecidedScan["profiles"] {
  const from = AXES.map((axis) => -origin[axis] / step[axis]) as unknown as Zyx;
  const by = AXES.map((axis) => 1 / step[axis]) as unknown as Zyx;
  const fine = interpolate(values, shape, from, by);
  const most = fine.data.reduce((a, b) => Math.max(a, b), 0) || 1;
  const shares = { shape, data: fine.data.map((v) => v / most) };
  return scanProfiles(sliceQuantiles(shares, 0.97), bin, place);
}

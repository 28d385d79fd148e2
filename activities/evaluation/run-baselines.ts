import type {
  Baseline,
  BaselineScan,
  LabelledScan,
} from "../../domain/localization/baselines/baseline.ts";
import { binScale } from "../../domain/localization/baselines/bin-scale.ts";
import { chooseErosion } from "../../domain/localization/baselines/choose-erosion.ts";
import { chooseThreshold } from "../../domain/localization/baselines/choose-threshold.ts";
import { deviationMap, energyMap } from "../../domain/localization/baselines/control-maps.ts";
import { fullVolume } from "../../domain/localization/baselines/full-volume.ts";
import { greyOtsu } from "../../domain/localization/baselines/grey-otsu.ts";
import { harp } from "../../domain/localization/baselines/harp.ts";
import { mapOtsu } from "../../domain/localization/baselines/map-box.ts";
import { meanBox } from "../../domain/localization/baselines/mean-box.ts";
import { rawImage, suppressedImage } from "../../domain/localization/baselines/threshold-rule.ts";
import { energyLocalizer } from "../../domain/localization/energy.ts";
import type { Steps } from "../../domain/localization/steps.ts";
import { breathe } from "../engine/breathe.ts";
import type { JobContext } from "../engine/job.ts";
import type { ScoreBoxes } from "./create-scorer.ts";
import type { FoundBox } from "./localization-request.ts";
import type { LocatedBy } from "./localization-result.ts";
import type { OpenedScan } from "./open-scans.ts";

/** What needs no label. */
const LABEL_FREE: readonly Baseline[] = [
  fullVolume,
  greyOtsu(2),
  greyOtsu(3),
  harp,
  binScale,
  mapOtsu("local energy, Otsu", energyMap),
  mapOtsu("local deviation, Otsu", deviationMap),
  {
    name: "energy localizer",
    usesLabels: false,
    locate: ({ view, place }) => energyLocalizer(view, place).box,
  },
];

/** Find boxes by every baseline and score them; those that need known boxes get the scans that have one. */
export async function runBaselines(
  scans: readonly OpenedScan[],
  score: ScoreBoxes,
  context: JobContext,
): Promise<LocatedBy[]> {
  const all = scans.map(asBaselineScan);
  const labelled = scans.flatMap(({ truth }, i) => (truth ? [{ ...all[i]!, truth }] : []));
  const supervised: readonly Steps<Baseline>[] = [
    thresholdOf("grey threshold", rawImage, labelled),
    thresholdOf("threshold, suppressed", suppressedImage, labelled),
    chooseErosion("local energy", energyMap, labelled),
    chooseErosion("local deviation", deviationMap, labelled),
  ];
  const parts = LABEL_FREE.length + supervised.length;
  const report = (done: number, fraction: number, note: string) =>
    context.progress({ fraction: (done + fraction) / parts, note });
  const found: LocatedBy[] = [];
  for (const [i, baseline] of LABEL_FREE.entries()) {
    const boxes = await locateAll(baseline, all, context, (share) =>
      report(i, share, baseline.name),
    );
    found.push(score(baseline.name, boxes));
  }
  if (labelled.length > 1) {
    const boxes = scans.map((scan): FoundBox => {
      // Of the others: a scan must not know its own box.
      const others = scans.flatMap(({ truth, place }) =>
        truth && place !== scan.place ? [{ truth, place }] : [],
      );
      return meanBox(others).locate(asBaselineScan(scan));
    });
    found.push(score("mean box of the others", boxes, { usesLabels: true }));
  }
  for (const [i, choosing] of supervised.entries()) {
    const done = LABEL_FREE.length + i;
    const baseline = await drive(choosing, context, (fraction, note) =>
      report(done, 0.8 * fraction, note),
    );
    const boxes = await locateAll(baseline, all, context, (share) =>
      report(done, 0.8 + 0.2 * share, baseline.name),
    );
    found.push(score(baseline.name, boxes, { usesLabels: true }));
  }
  return found;
}

function asBaselineScan({ scan, level, view, place }: OpenedScan): BaselineScan {
  if (level === undefined) throw new TypeError(`The level of ${scan} was not kept`);
  return { level, view, place };
}

function* thresholdOf(
  name: string,
  image: typeof rawImage,
  scans: readonly LabelledScan[],
): Steps<Baseline> {
  return (yield* chooseThreshold(name, image, scans)).baseline;
}

async function drive<T>(
  steps: Steps<T>,
  { signal }: JobContext,
  report: (fraction: number, note: string) => void,
): Promise<T> {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    report(next.value.fraction, next.value.note);
    await breathe();
    signal.throwIfAborted();
  }
}

async function locateAll(
  baseline: Baseline,
  scans: readonly BaselineScan[],
  { signal }: JobContext,
  report: (share: number) => void,
): Promise<FoundBox[]> {
  const boxes: FoundBox[] = [];
  for (const [i, scan] of scans.entries()) {
    report(i / scans.length);
    boxes.push(baseline.locate(scan));
    await breathe();
    signal.throwIfAborted();
  }
  return boxes;
}

import type { View } from "../localization/view.ts";
import { gaussian } from "../volumes/gaussian.ts";
import { standardDeviation } from "../volumes/statistics.ts";
import type { CurriculumPhase } from "./pretrain-config.ts";

/** Which phase a step (from 1) of `steps` belongs to; undefined once the full task has begun. */
export function phaseAt(
  phases: readonly CurriculumPhase[],
  step: number,
  steps: number,
): CurriculumPhase | undefined {
  return phases.find(({ until }) => step <= until * steps);
}

/** The views of a phase: those with the most structure in their noise, smoothed, in their order. */
export function phaseViews(
  views: readonly View[],
  { smooth = 0, views: share = 1 }: CurriculumPhase,
): View[] {
  const count = Math.max(1, Math.round(share * views.length));
  const chosen =
    count === views.length
      ? views
      : [...views.keys()]
          .map((i) => ({ i, structure: structure(views[i]!) }))
          .sort((a, b) => b.structure - a.structure || a.i - b.i)
          .slice(0, count)
          .map(({ i }) => i)
          .sort((a, b) => a - b)
          .map((i) => views[i]!);
  return smooth === 0 ? [...chosen] : chosen.map((view) => smoothed(view, smooth));
}

/** Noise averages away over a few voxels, structure stays: the share of the spread that does. */
function structure({ values }: View): number {
  const spread = standardDeviation(values.data);
  return spread === 0 ? 0 : standardDeviation(gaussian(values, 2).data) / spread;
}

/** With the spread it had, so that the network sees the range that it will go on with. */
function smoothed(view: View, sigma: number): View {
  const values = gaussian(view.values, sigma);
  const scale = standardDeviation(view.values.data) / (standardDeviation(values.data) || 1);
  return { ...view, values: { ...values, data: values.data.map((v) => v * scale) } };
}

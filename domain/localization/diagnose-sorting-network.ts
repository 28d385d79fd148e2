import { diagnoseSorting } from "../pretexts/diagnose-sorting.ts";
import type { ScoredVolume, SortingDiagnostics } from "../pretexts/diagnose-sorting.ts";
import { maskAnnulus } from "../pretexts/mask-annulus.ts";
import type { PretrainConfig } from "../pretexts/pretrain-config.ts";
import type { SortingNetwork } from "../pretexts/pretext-network.ts";
import { scorePositions } from "../pretexts/score-positions.ts";
import { fitTrivialOrderings, turnUp } from "../pretexts/trivial-orderings.ts";
import { drain } from "./drain.ts";
import { specimenRange } from "./specimen-range.ts";
import type { View } from "./view.ts";

/** Enough to see a shortcut by, few enough to look at after every round. */
const MOST_VIEWS = 6;

/**
 * What a network sorts by. Where the specimen is, is the label-free energy localizer's answer; views
 * in which it finds nothing, and views with fewer slices than a batch, count less or not at all.
 * Undefined where no view can be judged. Yields the share that is done.
 */
export async function* diagnoseSortingNetwork(
  network: SortingNetwork,
  views: readonly View[],
  {
    imageSize,
    slicesPerBatch,
    seed,
    flipInvariant = false,
  }: Pick<PretrainConfig, "imageSize" | "slicesPerBatch" | "seed" | "flipInvariant">,
): AsyncGenerator<number, SortingDiagnostics | undefined, void> {
  const looked = views
    .filter(({ values }) => values.shape[0] >= slicesPerBatch)
    .slice(0, MOST_VIEWS);
  if (looked.length === 0) return undefined;
  const trivial = fitTrivialOrderings(looked.map(({ values }) => values));
  const volumes: ScoredVolume[] = [];
  for (const [i, view] of looked.entries()) {
    const specimen = specimenRange(view);
    const { values } = view;
    volumes.push({
      id: `view ${i + 1}`,
      scores: await drain(scorePositions(network, values, { imageSize })),
      masked: await drain(scorePositions(network, maskAnnulus(values), { imageSize })),
      trivial: flipInvariant ? turnUp(trivial(values)) : trivial(values),
      ...(specimen === undefined ? {} : { specimen }),
    });
    yield (i + 1) / looked.length;
  }
  return diagnoseSorting(volumes, { seed, slices: slicesPerBatch, flipInvariant });
}

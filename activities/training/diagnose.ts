import { diagnoseRotationNetwork } from "../../domain/localization/diagnose-rotation-network.ts";
import { diagnoseSortingNetwork } from "../../domain/localization/diagnose-sorting-network.ts";
import type { View } from "../../domain/localization/view.ts";
import type { Pretext } from "../../domain/pretexts/create-pretext.ts";
import type { RotationDiagnostics } from "../../domain/pretexts/diagnose-rotation.ts";
import type { SortingDiagnostics } from "../../domain/pretexts/diagnose-sorting.ts";
import { warnShortcut } from "../../domain/pretexts/warn-shortcut.ts";
import type { ShortcutReport } from "../../schemas/campaign.ts";
import { breathe } from "../engine/breathe.ts";
import type { JobContext } from "../engine/job.ts";

/**
 * What a training's network has learned from: the specimen, or the container. Undefined for pretexts
 * whose shortcut nobody has a measure of, and where the views do not allow to tell.
 */
export async function diagnosePretext(
  { network, config }: Pretext,
  views: readonly View[],
  { signal }: Pick<JobContext, "signal">,
): Promise<ShortcutReport | undefined> {
  if (network.pretext !== "sorting" && network.pretext !== "rotation") return undefined;
  const steps =
    network.pretext === "sorting"
      ? diagnoseSortingNetwork(network, views, config)
      : diagnoseRotationNetwork(network, views, config);
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return next.value && report(next.value);
    await breathe();
    signal.throwIfAborted();
  }
}

function report(diagnostics: SortingDiagnostics | RotationDiagnostics): ShortcutReport {
  const numbers =
    diagnostics.pretext === "sorting" ? sortingNumbers(diagnostics) : rotationNumbers(diagnostics);
  return { pretext: diagnostics.pretext, numbers, warnings: warnShortcut(diagnostics) };
}

function sortingNumbers(d: SortingDiagnostics): ShortcutReport["numbers"] {
  return {
    displacement: d.all,
    random: d.random,
    ...(d.inside === undefined ? {} : { insideSpecimen: d.inside }),
    ...(d.outside === undefined ? {} : { outsideSpecimen: d.outside }),
    ...(d.masked === undefined ? {} : { annulusMasked: d.masked }),
    ...(d.floor === undefined ? {} : { floor: d.floor }),
    ...(d.trivial === undefined ? {} : { bestTrivial: Math.min(...Object.values(d.trivial)) }),
  };
}

function rotationNumbers({ chance, p0, tta }: RotationDiagnostics): ShortcutReport["numbers"] {
  return {
    chance,
    p0Specimen: p0.specimen,
    p0Background: p0.background,
    p0Auc: p0.auc,
    ...(tta === undefined ? {} : { ttaAuc: tta.auc }),
  };
}

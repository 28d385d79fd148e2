import { diagnoseRotationNetwork } from "../../domain/localization/diagnose-rotation-network.ts";
import { diagnoseSortingNetwork } from "../../domain/localization/diagnose-sorting-network.ts";
import { probePosition } from "../../domain/localization/probe-position.ts";
import type { PositionProbe } from "../../domain/localization/probe-position.ts";
import type { Pretext } from "../../domain/pretexts/create-pretext.ts";
import type { RotationDiagnostics } from "../../domain/pretexts/diagnose-rotation.ts";
import type { SortingDiagnostics } from "../../domain/pretexts/diagnose-sorting.ts";
import { recentLoss } from "../../domain/training/history.ts";
import { ROTATION_PLATEAU } from "../../domain/training/plateau.ts";
import { warnShortcut } from "../../domain/pretexts/warn-shortcut.ts";
import type { ShortcutReport } from "../../schemas/campaign.ts";
import { driveSteps } from "../engine/drive-steps.ts";
import type { JobContext } from "../engine/job.ts";

/**
 * What a training's network has learned from: the specimen, or the container; and, of whole slices,
 * what their embeddings tell of their place. Looks at the encoder as it would be published, by held-out
 * scans where there are any. Undefined where the views do not allow to tell.
 */
export function diagnosePretext(
  pretext: Pretext,
  context: Pick<JobContext, "signal">,
): Promise<ShortcutReport | undefined> {
  const loss = recentLoss(pretext.progress().history);
  return pretext.published(() => diagnose(pretext, loss, context));
}

async function diagnose(
  { network, config, judgedBy: views }: Pretext,
  loss: number,
  context: Pick<JobContext, "signal">,
): Promise<ShortcutReport | undefined> {
  const run = <T>(steps: AsyncGenerator<unknown, T, void>) => driveSteps(steps, context);
  const { pretext } = network;
  const learned = pretext !== "rotation" || loss < ROTATION_PLATEAU.chance - ROTATION_PLATEAU.below;
  const found =
    pretext === "sorting"
      ? await run(diagnoseSortingNetwork(network, views, config))
      : pretext === "rotation"
        ? await run(diagnoseRotationNetwork(network, views, config))
        : undefined;
  const probe =
    config.view === "slices" ? await run(probePosition(network, views, config)) : undefined;
  if (found === undefined && probe === undefined) return undefined;
  return {
    pretext,
    numbers: { ...(found && numbersOf(found)), ...(probe && probeNumbers(probe)) },
    // Of a network that has learned nothing it says nothing what it has learned it by.
    warnings: found === undefined || !learned ? [] : warnShortcut(found),
  };
}

function numbersOf(
  diagnostics: SortingDiagnostics | RotationDiagnostics,
): ShortcutReport["numbers"] {
  return diagnostics.pretext === "sorting"
    ? sortingNumbers(diagnostics)
    : rotationNumbers(diagnostics);
}

function probeNumbers({ knn, linear, chance }: PositionProbe): ShortcutReport["numbers"] {
  return { placeKnn: knn, placeLinear: linear, placeChance: chance };
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

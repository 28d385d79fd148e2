import { diagnoseRotationNetwork } from "../../domain/localization/diagnose-rotation-network.ts";
import { drain } from "../../domain/localization/drain.ts";
import { ANGLES } from "../../domain/pretexts/angles.ts";
import { createBatchSource } from "../../domain/pretexts/create-batch-source.ts";
import type { PretextNetwork } from "../../domain/pretexts/create-pretext-network.ts";
import type { PretrainConfig } from "../../domain/pretexts/pretrain-config.ts";
import type { RotationNetwork } from "../../domain/pretexts/pretext-network.ts";
import { createRotationLearner } from "../../domain/pretexts/rotation.ts";
import { warnShortcut } from "../../domain/pretexts/warn-shortcut.ts";
import { evaluate } from "../../domain/training/evaluate.ts";
import { RECENT } from "../../domain/training/history.ts";
import type { BatchSource } from "../../domain/training/learner.ts";
import { ROTATION_PLATEAU } from "../../domain/training/plateau.ts";
import { breathe } from "../engine/breathe.ts";
import type { JobContext } from "../engine/job.ts";
import type { SplitRequest } from "./evaluation-request.ts";
import type { OpenedScan } from "./open-scans.ts";
import type { RotationSplitResult, ToldAngles, TurnedScan } from "./rotation-result.ts";
import { runSplit } from "./run-split.ts";

/** Batches of pairs: of all held scans together while training goes on, of each scan at its end. */
const BATCHES = { onTheWay: 6, perScan: 4 };

/**
 * Train the rotation pretext on a split's training scans and measure on all how well angles are
 * told, from pairs drawn as in training.
 */
export async function evaluateRotationSplit(
  request: SplitRequest,
  scans: readonly OpenedScan[],
  context: JobContext,
): Promise<RotationSplitResult> {
  const { split, config } = request;
  const held = scans.filter(({ scan }) => split.validation.includes(scan));
  const others = scans.filter(({ scan }) => split.training.includes(scan));
  const drawHeld = sourceOf(config, held);
  const { network, trained } = await runSplit(request, others, context, (now) =>
    tellAngles(now, drawHeld, BATCHES.onTheWay, context),
  );
  try {
    const rows: TurnedScan[] = [];
    for (const scan of [...held, ...others]) {
      context.progress({ fraction: 1, note: `measuring ${scan.scan}` });
      const told = await tellAngles(network, sourceOf(config, [scan]), BATCHES.perScan, context);
      const { kind, reason } = scan.container;
      const row = { id: scan.scan, held: held.includes(scan), container: `${kind}: ${reason}` };
      rows.push({ ...row, ...told });
    }
    const { losses, ...course } = trained;
    context.progress({ fraction: 1, note: "measuring what angles are told by" });
    const diagnostics = await drain(
      diagnoseRotationNetwork(
        network as RotationNetwork,
        held.map(({ view }) => view),
        config,
      ),
    );
    const left = leftChance(losses);
    return {
      pretext: "rotation",
      view: config.view,
      ...split,
      ...course,
      chance: { loss: ROTATION_PLATEAU.chance, accuracy: 1 / ANGLES.length },
      ...(left === undefined ? {} : { leftChance: left }),
      plateau: course.end === "plateau",
      validated: mean(rows.filter((row) => row.held)),
      trained: mean(rows.filter((row) => !row.held)),
      scans: rows,
      ...(diagnostics === undefined ? {} : { diagnostics }),
      warnings: [
        ...warn(course.end, left, losses.length),
        // Of a network that has learned nothing it says nothing what it has learned it by.
        ...(left === undefined || diagnostics === undefined ? [] : warnShortcut(diagnostics)),
      ],
    };
  } finally {
    network.dispose();
  }
}

function sourceOf(config: SplitRequest["config"], scans: readonly OpenedScan[]): BatchSource {
  // What matters for batches: all but how many there are and what was easier in the beginning.
  const whole: PretrainConfig = { ...config, steps: 1, accumulate: 1, curriculum: [] };
  return createBatchSource(
    whole,
    scans.map(({ view }) => view),
  );
}

async function tellAngles(
  network: PretextNetwork,
  draw: BatchSource,
  batches: number,
  { signal }: JobContext,
): Promise<ToldAngles> {
  const learner = createRotationLearner(network as RotationNetwork);
  const told: ToldAngles[] = [];
  for (let i = 1; i <= batches; i++) {
    told.push((await evaluate(learner, [draw(i)])) as ToldAngles);
    await breathe();
    signal.throwIfAborted();
  }
  return mean(told);
}

function mean(all: readonly ToldAngles[]): ToldAngles {
  const of = (name: keyof ToldAngles) =>
    all.reduce((total, one) => total + one[name], 0) / all.length;
  return { loss: of("loss"), accuracy: of("accuracy"), angularError: of("angularError") };
}

/** The first step by which training was judged to learn, as the plateau alarm judges. */
export function leftChance(losses: readonly number[]): number | undefined {
  const { chance, below } = ROTATION_PLATEAU;
  let recent = 0;
  for (let i = 0; i < losses.length; i++) {
    recent += losses[i]! - (losses[i - RECENT] ?? 0);
    if (i + 1 >= RECENT && recent / RECENT < chance - below) return i + 1;
  }
  return undefined;
}

function warn(end: string, left: number | undefined, steps: number): string[] {
  if (end === "plateau") {
    return [
      `Plateau: the loss was still at chance (ln 7) after ${steps} steps, so training stopped; start from an encoder that was trained on easier scans (--warm-start)`,
    ];
  }
  if (left === undefined) return [`The loss never left chance (ln 7) in ${steps} steps`];
  return [];
}

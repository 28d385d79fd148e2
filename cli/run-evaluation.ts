import { join, resolve } from "node:path";
import type { SplitRequest } from "../activities/evaluation/evaluation-request.ts";
import type { SplitResults } from "../activities/evaluation/evaluate-splits.ts";
import type { PlanEvaluationOptions } from "../activities/evaluation/plan-evaluation.ts";
import { checkPretrainConfig } from "../domain/pretexts/pretrain-config.ts";
import { summaryLine } from "./evaluation-lines.ts";
import { given } from "./evaluation-options.ts";
import type { EvaluateOptions } from "./evaluation-options.ts";
import { EXIT, type ExitCode } from "./exit.ts";
import { interruptible } from "./interruptible.ts";
import { createOutput } from "./output.ts";
import { createProgressLine } from "./progress-line.ts";

/** What one of the evaluations adds to its options. */
export interface Evaluation<P extends keyof SplitResults> {
  /** Voxels of the level per voxel of the view. */
  readonly bin: number;
  /** A result in words. */
  readonly lines: (result: SplitResults[P]) => readonly string[];
  readonly plan: Partial<PlanEvaluationOptions>;
  readonly config: SplitRequest["config"];
}

/** Plan, train and measure, and tell each split as it is done; write what was found. */
export async function runEvaluation<P extends keyof SplitResults>(
  pretext: P,
  options: EvaluateOptions,
  { bin, lines, plan: further, config }: Evaluation<P>,
): Promise<ExitCode> {
  const output = createOutput(options);
  const { planEvaluation } = await import("../activities/evaluation/plan-evaluation.ts");
  const { evaluateSplits } = await import("../activities/evaluation/evaluate-splits.ts");
  const { writeEvaluation } = await import("../activities/evaluation/write-evaluation.ts");
  const { pieceEnvironment } = await import("../infra/setup/paths.mjs");
  const { data, only, skip, split, splits, seed, minutes, steps, size, container } = options;
  checkPretrainConfig({ ...config, steps: steps ?? 1 });
  const out = resolve(options.out ?? join("evaluation", pretext));
  const plan = await planEvaluation({
    ...{ data: resolve(data), size, bin, container, splits, seed },
    ...given({ only, skip, validation: options.validation ?? split?.validation }),
    ...given({ training: split?.training, truth: options.truth }),
    ...further,
  });
  const request = {
    ...plan,
    config,
    budget: steps === undefined ? { seconds: 60 * minutes } : { steps },
    ...given({ warmStart: options.warmStart && resolve(options.warmStart) }),
    out,
  };
  const line = createProgressLine(output);
  try {
    const evaluated = await interruptible(
      "Stopped; the same command goes on with the split that was not finished",
      (signal) =>
        evaluateSplits(pretext, request, {
          signal,
          env: { ...process.env, ...pieceEnvironment() },
          onProgress: line.update,
          onSplit(result, index, kept) {
            line.done();
            if (output.json) return;
            const state = kept ? ", as it was measured before" : "";
            output.say(
              `Split ${index + 1} of ${plan.splits.length}${state}: ${lines(result).join("\n")}\n`,
            );
          },
        }),
    );
    line.done();
    output.document(await writeEvaluation(pretext, request, evaluated));
    output.say(
      `${summaryLine(evaluated.splits)}\nWritten to ${out}: evaluation.json, table.md, curves.svg`,
    );
    return EXIT.done;
  } finally {
    line.done();
  }
}

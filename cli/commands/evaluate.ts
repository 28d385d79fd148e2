import { join, resolve } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import type { SplitRequest } from "../../activities/evaluation/evaluation-request.ts";
import type { SplitResults } from "../../activities/evaluation/evaluate-splits.ts";
import type { PlanEvaluationOptions } from "../../activities/evaluation/plan-evaluation.ts";
import { AUGMENTATION_NAMES } from "../../domain/augmentation/augmentation-presets.ts";
import type { AugmentationName } from "../../domain/augmentation/augmentation-presets.ts";
import { InvalidInput } from "../../domain/errors.ts";
import { checkPretrainConfig } from "../../domain/pretexts/pretrain-config.ts";
import type { PretrainConfig } from "../../domain/pretexts/pretrain-config.ts";
import { rotationLines, sortingLines, summaryLine } from "../evaluation-lines.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { interruptible } from "../interruptible.ts";
import { parseCount, parseName } from "../names.ts";
import { createOutput } from "../output.ts";
import { createProgressLine } from "../progress-line.ts";
import type { Run } from "../run-command.ts";

interface EvaluateOptions {
  readonly data: string;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly validation?: readonly string[];
  readonly split?: { readonly training: number; readonly validation: number };
  readonly splits: number;
  readonly seed: number;
  readonly minutes: number;
  readonly steps?: number;
  readonly encoder: PretrainConfig["encoder"];
  readonly width: number;
  readonly rate: number;
  readonly ema?: number;
  readonly size: number;
  readonly container: "auto" | "none";
  readonly truth?: string;
  readonly warmStart?: string;
  readonly out?: string;
  readonly json?: boolean;
}

interface SortingOptions extends EvaluateOptions {
  readonly slices: number;
  readonly imageSize: number;
  readonly augmentation: AugmentationName;
  readonly flip?: readonly string[];
  readonly align?: string;
  readonly flipHalf?: boolean;
  readonly flipInvariant?: boolean;
}

interface RotationOptions extends EvaluateOptions {
  readonly view: "windows" | "slices";
  readonly batchSize: number;
  readonly windowSize: number;
  readonly imageSize: number;
  readonly twinRange: number;
}

const SORTING_EXAMPLES = `
Examples:
  microtome evaluate sorting --data heads --splits 4 --flip PWK.PhJ_ --truth boxes.json
  microtome evaluate sorting --data heads --flip-invariant        # which way does each one point?
  microtome evaluate sorting --data heads --align evaluation/sorting/evaluation.json --out aligned

A displacement is the mean distance of a slice from its place among k, in positions. "Any way" is the
smaller one of that and the reversed order's. With --truth, "inside" and "outside" are over the slices
with and without specimen, "specimen" and "backgr." are of scans of which only the specimen, or all but
the specimen is left, and "floor" is what a sorter gets that knows nothing of the other slices.
"Masked" is without the outer annulus. The split that is done is not done again.`;

const ROTATION_EXAMPLES = `
Examples:
  microtome evaluate rotation --data scans --minutes 6
  microtome evaluate rotation --data scans --view slices --size 128
  microtome evaluate rotation --data faint --warm-start evaluation/rotation/split-1.encoder.bin

Accuracy is over seven angles, of pairs drawn as in training; guessing has 0.14. Training that is
still at chance after 500 steps stops there and says so. The split that is done is not done again.`;

export function addEvaluate(program: Command, run: Run): void {
  const evaluate = program
    .command("evaluate")
    .summary("pretrain on scans of a folder and measure on others, without any server")
    .description(
      "Pretrain an encoder on some of the scans of a folder and measure on the others what it learned.\nWrites evaluation.json, curves.svg, and the encoder and the result of every split. No server is needed.",
    );
  common(evaluate.command("sorting"), { minutes: 10, encoder: "resnet18", width: 16 })
    .summary("put slices in order: displacement, direction, and what it is told by")
    .description("The sorting pretext: put slices in order, measured on scans that are held out.")
    .option("--slices <k>", "slices that are put in order at once", parseCount(2, 512), 12)
    .option("--image-size <px>", "side of a slice as the network sees it", parseCount(8, 1024), 128)
    .addOption(
      new Option("--augmentation <name>", "what happens to slices in training")
        .choices(AUGMENTATION_NAMES)
        .default("light"),
    )
    .option("--flip <names>", "scans that point the other way: turned over", parseNames)
    .option("--align <file>", "the same as a file, such as the evaluation.json of --flip-invariant")
    .option("--flip-half", "turn half of the scans over at random")
    .option("--flip-invariant", "take whichever direction fits a batch better")
    .addHelpText("after", SORTING_EXAMPLES)
    .action(run(sorting));
  common(evaluate.command("rotation"), { minutes: 6, encoder: "window-net", width: 24 })
    .summary("tell by how much windows or slices are turned: accuracy, error, plateau")
    .description("The rotation pretext: tell angles, measured on scans that are held out.")
    .addOption(
      new Option("--view <view>", "what is turned")
        .choices(["windows", "slices"])
        .default("windows"),
    )
    .option("--batch-size <n>", "pairs per step", parseCount(1, 4096), 96)
    .option("--window-size <voxels>", "diameter of a window", parseCount(4, 512), 20)
    .option("--image-size <px>", "side of a whole slice", parseCount(8, 1024), 64)
    .option("--twin-range <share>", "how far a slice's twin may be", parseShare, 0.2)
    .addHelpText("after", ROTATION_EXAMPLES)
    .action(run(rotation));
}

function common(
  command: Command,
  defaults: { readonly minutes: number; readonly encoder: string; readonly width: number },
): Command {
  const encoders = ["window-net", "resnet18", "resnet34", "resnet50", "resnet152"];
  return command
    .requiredOption("--data <dir>", "folder of scans, one per file or folder, of any format")
    .option("--only <names>", "these scans and no others", parseNames)
    .option("--skip <names>", "all but these scans", parseNames)
    .addOption(
      new Option("--split <train/held>", "how many scans to train on and to hold out, as in 10/3")
        .argParser(parseSplit)
        .conflicts("validation"),
    )
    .option("--validation <names>", "the scans to hold out (default: a quarter)", parseNames)
    .option("--splits <n>", "how many different splits", parseCount(1, 100), 1)
    .option("--seed <n>", "what everything is drawn from", parseCount(0, 2 ** 31), 0)
    .option("--minutes <m>", "how long to train per split", parsePositive, defaults.minutes)
    .option("--steps <n>", "exactly so many steps instead, which is repeatable", parseCount(1))
    .addOption(
      new Option("--encoder <kind>", "network").choices(encoders).default(defaults.encoder),
    )
    .option("--width <n>", "channels of its first stage", parseCount(1, 1024), defaults.width)
    .option("--rate <r>", "peak learning rate", parsePositive, 1e-3)
    .option(
      "--ema <share>",
      "publish a moving average of the weights, of which this stays",
      parseShare,
    )
    .option("--size <voxels>", "work at the level with this longest axis", parseCount(8, 1024), 128)
    .addOption(
      new Option("--container <how>", "whether to look for one and suppress it")
        .choices(["auto", "none"])
        .default("auto"),
    )
    .option("--truth <file>", "known boxes, {name: {box_zyx, shape_zyx}}; for scoring only")
    .option("--warm-start <file>", "an encoder to start from: a split-<n>.encoder.bin")
    .option("--out <dir>", "folder of the results (default: evaluation/<pretext>)")
    .option("--json", "print one JSON document");
}

async function sorting(options: SortingOptions): Promise<ExitCode> {
  const { flip, align, flipHalf, flipInvariant = false, slices, imageSize } = options;
  const { augmentation } = options;
  return evaluate("sorting", options, {
    // Full resolution of the level: a slice is looked at as a whole.
    bin: 1,
    lines: sortingLines,
    plan: { ...given({ flip, align, flipHalf }) },
    config: {
      ...configOf(options),
      view: "slices",
      pretext: "sorting",
      warmup: 50,
      imageSize,
      batchSize: slices,
      slicesPerBatch: slices,
      flipInvariant,
      augmentation,
      windowSize: 20,
      twinRange: 0,
    },
  });
}

async function rotation(options: RotationOptions): Promise<ExitCode> {
  const { view, batchSize, windowSize, imageSize, twinRange } = options;
  return evaluate("rotation", options, {
    // As localization has it, `jobs/suppress.ts`.
    bin: 2,
    lines: rotationLines,
    plan: {},
    config: {
      ...configOf(options),
      view,
      pretext: "rotation",
      warmup: 100,
      imageSize,
      batchSize,
      slicesPerBatch: 2,
      windowSize,
      twinRange,
    },
  });
}

interface Evaluation<P extends keyof SplitResults> {
  readonly bin: number;
  readonly lines: (result: SplitResults[P]) => readonly string[];
  readonly plan: Partial<PlanEvaluationOptions>;
  readonly config: SplitRequest["config"];
}

async function evaluate<P extends keyof SplitResults>(
  pretext: P,
  options: EvaluateOptions,
  { bin, lines, plan: further, config }: Evaluation<P>,
): Promise<ExitCode> {
  const output = createOutput(options);
  const { planEvaluation } = await import("../../activities/evaluation/plan-evaluation.ts");
  const { evaluateSplits } = await import("../../activities/evaluation/evaluate-splits.ts");
  const { writeEvaluation } = await import("../../activities/evaluation/write-evaluation.ts");
  const { pieceEnvironment } = await import("../../infra/setup/paths.mjs");
  const { data, only, skip, split, splits, seed, minutes, steps, size, container } = options;
  checkPretrainConfig({ ...config, steps: steps ?? 1 });
  const out = resolve(options.out ?? join("evaluation", pretext));
  const plan = await planEvaluation({
    ...{ data: resolve(data), size, bin, container, splits, seed },
    ...given({ only, skip, validation: options.validation ?? split?.validation }),
    ...given({ training: split?.training, truth: options.truth }),
    ...further,
  });
  if (config.pretext === "sorting" && config.slicesPerBatch < 2) {
    throw new InvalidInput(`Expected 2 slices or more to sort, got ${config.slicesPerBatch}`);
  }
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
    output.say(`${summaryLine(evaluated.splits)}\nWritten to ${out}: evaluation.json, curves.svg`);
    return EXIT.done;
  } finally {
    line.done();
  }
}

function configOf({ encoder, width, rate, seed, ema }: EvaluateOptions) {
  return { encoder, width, rate, seed, ...given({ ema }) };
}

function parseNames(text: string): readonly string[] {
  return text.split(",").map(parseName);
}

function parseSplit(text: string): { readonly training: number; readonly validation: number } {
  const [training, validation] = text.split("/").map(Number);
  if (/^\d+\/\d+$/.test(text) && training! > 0 && validation! > 0) {
    return { training: training!, validation: validation! };
  }
  throw new InvalidArgumentError("expected TRAIN/HELD, such as 10/3");
}

function parsePositive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("expected a number above 0");
}

function parseShare(text: string): number {
  const value = Number(text);
  if (text !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("expected a number from 0 to 1");
}

/** Without what nobody said. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as never;
}

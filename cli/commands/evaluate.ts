import { Option, type Command } from "commander";
import { AUGMENTATION_NAMES } from "../../domain/augmentation/augmentation-presets.ts";
import type { AugmentationName } from "../../domain/augmentation/augmentation-presets.ts";
import { rotationLines, sortingLines } from "../evaluation-lines.ts";
import { addEvaluationOptions, given, parseNames, parseShare } from "../evaluation-options.ts";
import type { EvaluateOptions } from "../evaluation-options.ts";
import type { ExitCode } from "../exit.ts";
import { parseCount } from "../names.ts";
import { runEvaluation } from "../run-evaluation.ts";
import type { Run } from "../run-command.ts";
import { addEvaluateLocalization } from "./evaluate-localization.ts";

interface SortingOptions extends EvaluateOptions {
  readonly slices: number;
  readonly imageSize: number;
  readonly augmentation: AugmentationName;
  readonly within: "all" | "specimen";
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
    .summary("pretrain on scans of a folder and measure, without any server")
    .description(
      "Pretrain an encoder on scans of a folder and measure what it learned, or localize specimens with it and\ncompare with known boxes. Writes evaluation.json, table.md, figures, encoders and results. No server is needed.",
    );
  addEvaluationOptions(evaluate.command("sorting"), {
    minutes: 10,
    encoder: "resnet18",
    width: 16,
    ema: 0.99,
  })
    .summary("put slices in order: displacement, direction, and what it is told by")
    .description("The sorting pretext: put slices in order, measured on scans that are held out.")
    .option("--slices <k>", "slices that are put in order at once", parseCount(2, 512), 12)
    .option("--image-size <px>", "side of a slice as the network sees it", parseCount(8, 1024), 128)
    .addOption(
      new Option(
        "--within <range>",
        "slices to train on: all, or where a label-free look finds specimen",
      )
        .choices(["all", "specimen"])
        .default("all"),
    )
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
  addEvaluationOptions(evaluate.command("rotation"), {
    minutes: 6,
    encoder: "window-net",
    width: 24,
  })
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
  addEvaluateLocalization(evaluate, run);
}

async function sorting(options: SortingOptions): Promise<ExitCode> {
  const { flip, align, flipHalf, flipInvariant = false, slices, imageSize } = options;
  const { augmentation, within } = options;
  return runEvaluation("sorting", options, {
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
      sortWithin: within,
      windowSize: 20,
      twinRange: 0,
    },
  });
}

async function rotation(options: RotationOptions): Promise<ExitCode> {
  const { view, batchSize, windowSize, imageSize, twinRange } = options;
  return runEvaluation("rotation", options, {
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

function configOf({ encoder, width, rate, seed, ema }: EvaluateOptions) {
  return { encoder, width, rate, seed, ...(ema === 0 ? {} : { ema }) };
}

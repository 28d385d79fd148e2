import { Option, type Command } from "commander";
import { DEFAULT_MARGIN } from "../../domain/localization/margin.ts";
import { localizeParameters } from "../../schemas/batch.ts";
import { parseNames, parsePositive, parseShare } from "../evaluation-options.ts";
import type { ExitCode } from "../exit.ts";
import { LOCALIZATION_PRESETS, LOCALIZERS } from "../localization-plan.ts";
import { parseCount } from "../names.ts";
import type { Run } from "../run-command.ts";
import { runLocalization } from "../run-localization.ts";
import type { LocalizationOptions } from "../run-localization.ts";

const EXAMPLES = `
Examples:
  microtome evaluate localization --data scans --truth truth.json --seeds 3
  microtome evaluate localization --data scans --truth truth.json --no-learning     # baselines only
  microtome evaluate localization --data faint --truth faint/truth.json --warm-start evaluation/localization/windows-0.encoder.bin
  microtome evaluate localization --data scans --truth truth.json --preset xenopus-like

All scans form one batch without labels; what is known of them scores the result. Masks of specimens lie
beside the scans (NAME.mask.nii.gz, or as \`microtome phantom\` writes them) or in --masks.
MAE is over six faces, in voxels and in percent of the volume's axis and of the specimen's side; "lost" is
specimen outside the box, and outside of it with the margin; "lossy" counts scans that lose any of it in
spite of the margin, "covered" those whose true box is kept whole, "whole" those that are kept whole, which
are scored as the full volume; "saved" is bytes on disk after the same lossless codec.
What is finished is not done again: stop it and go on with the same command.`;

export function addEvaluateLocalization(evaluate: Command, run: Run): void {
  evaluate
    .command("localization")
    .summary("find specimens: errors, what is lost and kept, against all baselines")
    .description(
      "Localize the scans of a folder as one batch without labels, and compare with known boxes and every baseline.\nWrites evaluation.json, table.md, localization.html with figures, and the encoder and the result of every seed.",
    )
    .requiredOption("--data <dir>", "folder of scans, one per file or folder, of any format")
    .requiredOption("--truth <file>", "known boxes, {name: {box_zyx, shape_zyx}}; for scoring only")
    .option("--masks <dir>", "masks of specimens by the scans' names (default: beside the scans)")
    .option("--only <names>", "these scans and no others", parseNames)
    .option("--skip <names>", "all but these scans", parseNames)
    .addOption(
      new Option("--localizer <names...>", "how to find specimens (default: windows)").choices(
        LOCALIZERS,
      ),
    )
    .addOption(
      new Option(
        "--preset <name>",
        "the paper's experiments: sorting and storage, or rotation of whole slices against thresholds",
      )
        .choices(LOCALIZATION_PRESETS)
        .conflicts("localizer"),
    )
    .option("--no-learning", "only what needs no training")
    .option("--seeds <n>", "how many trainings", parseCount(1, 100), 1)
    .option("--seed <n>", "the first of them", parseCount(0, 2 ** 31), 0)
    .option("--minutes <m>", "how long to pretrain per seed", parsePositive, 6)
    .option("--steps <n>", "exactly so many steps instead, which is repeatable", parseCount(1))
    .option(
      "--refine-steps <n>",
      "steps of the refinement network; 0: none",
      parseCount(0, 100_000),
      localizeParameters.properties.refineSteps.default,
    )
    .option("--warm-start <file>", "an encoder to start from: a <localizer>-<seed>.encoder.bin")
    .option("--margin <share>", "added to each face, of the axis", parseShare, DEFAULT_MARGIN)
    .option("--size <voxels>", "work at the level with this longest axis", parseCount(8, 1024), 128)
    .addOption(
      new Option("--container <how>", "whether to look for one and suppress it")
        .choices(["auto", "none"])
        .default("auto"),
    )
    .option("--rate <r>", "peak learning rate", parsePositive, 1e-3)
    .option(
      "--width <n>",
      "channels of the encoder's first stage (default: 24 for windows, 16)",
      parseCount(1, 1024),
    )
    .option(
      "--batch-size <n>",
      "per step (default: 96 windows, 32 pairs of slices, 12 sorted slices)",
      parseCount(1, 4096),
    )
    .option("--window-size <voxels>", "diameter of a window", parseCount(4, 512), 20)
    .option(
      "--image-size <px>",
      "side of a whole slice (default: 64, 128 for sorting)",
      parseCount(8, 1024),
    )
    .option("--out <dir>", "folder of the results (default: evaluation/localization)")
    .option("--json", "print one JSON document")
    .addHelpText("after", EXAMPLES)
    .action(run(localization));
}

async function localization(options: LocalizationOptions): Promise<ExitCode> {
  return runLocalization(options);
}

import { InvalidArgumentError, Option, type Command } from "commander";
import type { PretrainConfig } from "../domain/pretexts/pretrain-config.ts";
import { parseCount, parseName } from "./names.ts";

/** What both evaluations are asked with. */
export interface EvaluateOptions {
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
  readonly ema: number;
  readonly size: number;
  readonly container: "auto" | "none";
  readonly truth?: string;
  readonly warmStart?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** Add the options that both evaluations have. */
export function addEvaluationOptions(
  command: Command,
  defaults: {
    readonly minutes: number;
    readonly encoder: string;
    readonly width: number;
    readonly ema?: number;
  },
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
      "publish a moving average of the weights, of which this stays per step; 0: the weights",
      parseShare,
      defaults.ema ?? 0,
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

/** Names with commas between them, from the command line. */
export function parseNames(text: string): readonly string[] {
  return text.split(",").map(parseName);
}

function parseSplit(text: string): { readonly training: number; readonly validation: number } {
  const [training, validation] = text.split("/").map(Number);
  if (/^\d+\/\d+$/.test(text) && training! > 0 && validation! > 0) {
    return { training: training!, validation: validation! };
  }
  throw new InvalidArgumentError("expected TRAIN/HELD, such as 10/3");
}

/** A number above 0 from the command line. */
export function parsePositive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("expected a number above 0");
}

/** A share from the command line. */
export function parseShare(text: string): number {
  const value = Number(text);
  if (text !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("expected a number from 0 to 1");
}

/** An object without what nobody said. */
export function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as never;
}

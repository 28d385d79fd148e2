import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { PHANTOM_PRESETS, type PhantomPresetName } from "../../domain/phantoms/presets.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { interruptible } from "../interruptible.ts";
import { parseCount } from "../names.ts";
import { createOutput } from "../output.ts";
import { createProgressLine } from "../progress-line.ts";
import type { Run } from "../run-command.ts";

interface PhantomOptions {
  readonly out: string;
  readonly count: number;
  readonly preset: PhantomPresetName;
  readonly size: number;
  readonly seed: number;
  readonly json?: boolean;
}

export function addPhantom(program: Command, run: Run): void {
  program
    .command("phantom")
    .summary("make phantom scans with known truth")
    .description(
      "Make phantom scans with known truth: DIR/<id>/s_NNNN.tif, label volumes, and DIR/truth.json.\nThe same options make the same voxels; what is there already is kept.",
    )
    .requiredOption("--out <dir>", "folder to write to")
    .option("--count <n>", "how many", parseCount(1, 9999), 1)
    .addOption(
      new Option("--preset <name>", "family of phantoms")
        .choices(Object.keys(PHANTOM_PRESETS))
        .default("paper"),
    )
    .option("--size <voxels>", "width of a scan", parseCount(1, 100_000), 128)
    .option("--seed <n>", "what they are drawn from", parseCount(0, 2 ** 32 - 1), 0)
    .option("--json", "print one JSON document")
    .action(run(phantom));
}

async function phantom(options: PhantomOptions): Promise<ExitCode> {
  const output = createOutput(options);
  const { writePhantoms } = await import("../../activities/phantoms/write-phantoms.ts");
  const { count, preset, size, seed } = options;
  const dir = resolve(options.out);
  const line = createProgressLine(output);
  try {
    const truth = await interruptible(
      "Stopped; the same command goes on where it stopped",
      (signal) => writePhantoms({ dir, count, preset, size, seed, signal }, line.update),
    );
    line.done();
    output.document({ dir, phantoms: truth });
    if (!output.json) {
      const ids = Object.keys(truth);
      output.say(`${ids.length} phantoms in ${dir}: ${ids.join(", ")}`);
    }
    return EXIT.done;
  } finally {
    line.done();
  }
}

import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { CONTAINERS, type ContainerName } from "../../domain/phantoms/container-names.ts";
import { PHANTOM_CASES, type PhantomCase } from "../../domain/phantoms/phantom-cases.ts";
import {
  PHANTOM_PRESETS,
  PRESET_WORDS,
  type PhantomPresetName,
} from "../../domain/phantoms/presets.ts";
import { SPECIMENS, type SpecimenName } from "../../domain/phantoms/specimen-names.ts";
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
  readonly specimen: SpecimenName;
  readonly container: ContainerName;
  readonly case: PhantomCase;
  readonly size: number;
  readonly seed: number;
  readonly json?: boolean;
}

export function addPhantom(program: Command, run: Run): void {
  const choice = (flags: string, words: object, standard: string, text: string) =>
    new Option(flags, text).choices(Object.keys(words)).default(standard);
  program
    .command("phantom")
    .summary("make phantom scans with known truth")
    .description(
      "Make phantom scans with known truth: DIR/<id>/s_NNNN.tif, label volumes, and DIR/truth.json.\nThe same options make the same voxels; what is there already is kept.",
    )
    .requiredOption("--out <dir>", "folder to write to")
    .option("--count <n>", "how many", parseCount(1, 9999), 1)
    .addOption(choice("--preset <name>", PHANTOM_PRESETS, "paper", "family of phantoms"))
    .addOption(choice("--specimen <name>", SPECIMENS, "fish", "what is in the scan"))
    .addOption(choice("--container <name>", CONTAINERS, "tube", "what it is in"))
    .addOption(choice("--case <name>", PHANTOM_CASES, "none", "what is out of the ordinary"))
    .option("--size <voxels>", "width of a scan", parseCount(1, 100_000), 128)
    .option("--seed <n>", "what they are drawn from", parseCount(0, 2 ** 32 - 1), 0)
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      [
        describe("Presets", PRESET_WORDS),
        describe("Specimens", SPECIMENS),
        describe("Containers", CONTAINERS),
        describe("Cases", PHANTOM_CASES),
      ].join(""),
    )
    .action(run(phantom));
}

/** A list of names for the help, one sentence each. */
function describe(title: string, words: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(words).map((name) => name.length));
  const lines = Object.entries(words).map(([name, text]) => `  ${name.padEnd(width)}  ${text}\n`);
  return `\n${title}:\n${lines.join("")}`;
}

async function phantom({ out, json = false, ...request }: PhantomOptions): Promise<ExitCode> {
  const output = createOutput({ json });
  const { writePhantoms } = await import("../../activities/phantoms/write-phantoms.ts");
  const dir = resolve(out);
  const line = createProgressLine(output);
  try {
    const truth = await interruptible(
      "Stopped; the same command goes on where it stopped",
      (signal) => writePhantoms({ dir, signal, ...request }, line.update),
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

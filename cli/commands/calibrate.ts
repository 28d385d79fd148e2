import { type Command, InvalidArgumentError } from "commander";
import { InvalidInput } from "../../domain/errors.ts";
import { calibrationTable, calibrationVerdict } from "../calibration-lines.ts";
import { connectStore } from "../connect.ts";
import { CommandEnd, EXIT, type ExitCode } from "../exit.ts";
import { interruptible } from "../interruptible.ts";
import { parseName } from "../names.ts";
import { createOutput } from "../output.ts";
import { storedStatus } from "../read-status.ts";
import type { Run } from "../run-command.ts";

interface CalibrateOptions {
  readonly truth?: string;
  readonly collection?: string;
  readonly risk: number;
  readonly add?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  microtome calibrate night-1 --truth night-1/truth.json
  microtome submit night-2.json --set localize.margin=conformal      # same collection
  microtome calibrate night-2 --truth night-2/truth.json --add       # more scans, a better margin`;

export function addCalibrate(program: Command, run: Run): void {
  program
    .command("calibrate")
    .summary("measure a batch against known boxes, for margins with a confidence")
    .description(
      "Compare the boxes that a finished batch found with the true ones, and keep what was measured as the calibration of its collection, which batches with localize.margin: conformal take their margins from.",
    )
    .argument("<batch>", "id of the batch", parseName)
    .option("--truth <file>", "known boxes, {name: {box_zyx, shape_zyx}}; beside the batch file's")
    .option("--collection <name>", "calibrate this collection (default: the batch's)", parseName)
    .option("--risk <r>", "how often a crop may cut its specimen, for the table", parseRisk, 0.1)
    .option("--add", "keep the scans of the collection's calibration that were found the same way")
    .option("--json", "print one JSON document")
    .addHelpText("after", EXAMPLES)
    .action(run(calibrate));
}

async function calibrate(batch: string, options: CalibrateOptions): Promise<ExitCode> {
  const output = createOutput(options);
  const { makeCalibration } = await import("../../activities/calibration/make-calibration.ts");
  const { readTruthFile } = await import("../../activities/evaluation/read-truth-file.ts");
  const calibrations = await import("../../activities/calibration/store-calibration.ts");
  const { latestCalibration, readCalibration, writeCalibration } = calibrations;
  const { readDocument } = await import("../../activities/stage/documents.ts");
  const truth =
    options.truth === undefined ? new Map<string, never>() : await readTruthFile(options.truth);
  const { store } = await connectStore();
  const status = await storedStatus({ store }, batch);
  if (status?.spec === undefined) {
    throw new CommandEnd(EXIT.usage, `Batch ${batch} has left no result in the store yet`);
  }
  if (status.outcome === "running") {
    throw new CommandEnd(
      EXIT.usage,
      `Batch ${batch} is still running; calibrate it when it is done`,
    );
  }
  const { collection: own } = await readDocument<{ collection: string }>(store, status.spec);
  const collection = options.collection ?? own;
  const before = options.add === true ? await latestCalibration(store, collection) : undefined;
  const earlier = before && (await readCalibration(store, before.key));
  const made = await interruptible("Stopped; nothing was written", (signal) =>
    makeCalibration(
      store,
      { status, truth, collection, now: new Date(), ...(earlier === undefined ? {} : { earlier }) },
      signal,
    ),
  );
  const { calibration, leftOut } = made;
  if (calibration === undefined) {
    const why = leftOut.map(({ scan, reason }) => `\n  ${scan}: ${reason}`).join("");
    throw new InvalidInput(
      `No scan of ${batch} can be calibrated with; expected cropped scans with known boxes (--truth FILE, or truth in the batch file)${why}`,
    );
  }
  const key = await writeCalibration(store, calibration);
  const { lines, ...verdict } = calibrationVerdict(calibration, options.risk);
  output.document({
    ...{ batch, collection, calibration: key, risk: options.risk, ...verdict },
    localizer: calibration.localizer,
    measured: calibration.scans,
    leftOut,
  });
  if (!output.json) for (const line of calibrationTable(made)) output.say(line);
  for (const line of lines) output.say(line);
  if (earlier !== undefined && calibration.scans.every((scan) => scan.batch === batch)) {
    output.note("Nothing was added to: the earlier scans were found in another way, or are these");
  }
  if (!output.json) output.say(`Written: ${key.slice(0, 12)}, the calibration of ${collection}`);
  return EXIT.done;
}

function parseRisk(text: string): number {
  const value = Number(text);
  if (text !== "" && value > 0 && value < 1) return value;
  throw new InvalidArgumentError("expected a number between 0 and 1");
}

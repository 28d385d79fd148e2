import type { Command } from "commander";
import { readBatchArguments } from "../batch-file.ts";
import { checkSpace } from "../check-space.ts";
import { connect } from "../connect.ts";
import { parseName } from "../names.ts";
import { createOutput } from "../output.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { collectAssignments, type Run } from "../run-command.ts";
import { type Assignment } from "../set-path.ts";
import { startBatch } from "../start-batch.ts";
import { storeSpec, storeTruth } from "../store-batch.ts";
import { waitForBatch } from "../wait.ts";

interface SubmitOptions {
  readonly batch?: string;
  readonly set?: readonly Assignment[];
  readonly wait?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly repretrain?: boolean;
  readonly recalibrate?: boolean;
}

export function addSubmit(program: Command, run: Run): void {
  program
    .command("submit")
    .summary("start a batch of scans")
    .description(
      "Start a batch: from a batch file (JSON or YAML), or from sources on the command line.\nSubmitting the same again is harmless: nothing that succeeded runs again.",
    )
    .argument(
      "<paths...>",
      "BATCH.json or BATCH.yaml; with --batch: folders, files or globs, one per scan",
    )
    .option("--batch <id>", "name the batch and take SOURCEs instead of a batch file", parseName)
    .option(
      "--set <path=value>",
      "set a field of the batch, as in pretrain.steps=100 (repeatable)",
      collectAssignments,
    )
    .option("--repretrain", "pretrain a new encoder instead of using the one pinned to the batch")
    .option(
      "--recalibrate",
      "use the collection's newest calibration instead of the one pinned to the batch",
    )
    .option("--wait", "show the batch until it has settled; exit 1 if a scan failed")
    .option("--json", "print one JSON document")
    .option("--verbose", "with --wait --json: also what is internal")
    .action(run(submit));
}

async function submit(paths: string[], options: SubmitOptions): Promise<ExitCode> {
  const output = createOutput(options);
  const cwd = process.cwd();
  const { spec, truth } = await readBatchArguments({
    paths,
    batch: options.batch,
    set: options.set ?? [],
    cwd,
  });
  const session = await connect();
  try {
    await checkSpace(spec, session.settings);
    const key = await storeSpec(session.store, spec);
    await storeTruth(session.store, spec.batch, truth);
    const { batch, scans } = spec;
    const input = {
      batch,
      spec: key,
      ...(options.repretrain === true ? { repretrain: true } : {}),
      ...(options.recalibrate === true ? { recalibrate: true } : {}),
    };
    const how = await startBatch(session, input, `${batch}: ${scans.length} scans`);
    output.note(`Batch ${batch}: ${how}, ${scans.length} ${scans.length === 1 ? "scan" : "scans"}`);
    if (options.wait === true) return await waitForBatch(session, batch, output, options);
    output.document({ batch, started: how === "started", scans: scans.map(({ id }) => id) });
    if (!output.json) output.say(`Watch it: microtome status ${batch} --watch`);
    return EXIT.done;
  } finally {
    await session.close();
  }
}

import type { Command } from "commander";
import { describeMargins } from "../../activities/calibration/describe-margins.ts";
import { scanStorage, totalStorage } from "../../activities/report/storage.ts";
import { InvalidInput, isDomainError } from "../../domain/errors.ts";
import { toBatchDocument } from "../batch-document.ts";
import { renderBatches } from "../batches-board.ts";
import { renderBoard } from "../board.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { listBatches } from "../list-batches.ts";
import { NOTHING_LIVE } from "../live-progress.ts";
import { parseName } from "../names.ts";
import { createOutput, type Output } from "../output.ts";
import { readLive } from "../read-live.ts";
import { readStatus } from "../read-status.ts";
import { storageLines } from "../summary.ts";
import type { Run } from "../run-command.ts";
import { waitForBatch } from "../wait.ts";
import { withSession } from "../with-session.ts";

interface StatusOptions {
  readonly watch?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

export function addStatus(program: Command, run: Run): void {
  program
    .command("status")
    .summary("show all batches, or the scans of one")
    .description("Show all batches, or the scans of one with stage and progress.")
    .argument("[batch]", "id of the batch", parseName)
    .option("--watch", "keep showing the batch until it has settled")
    .option("--json", "print one JSON document")
    .option("--verbose", "with --json: also what is internal")
    .action(run(status));
}

async function status(batch: string | undefined, options: StatusOptions): Promise<ExitCode> {
  const output = createOutput(options);
  if (batch === undefined) {
    if (options.watch === true) throw new InvalidInput("status --watch: expected a batch to watch");
    return showAll(output);
  }
  return withSession(async (session) => {
    if (options.watch === true) return waitForBatch(session, batch, output, options);
    const { status, open, silent } = await readStatus(session, batch);
    if (silent)
      output.note("No worker answers for this batch; showing what was last stored, if anything");
    const verbose = options.verbose ?? false;
    const margins = await describeMargins(session.store, status).catch((error: unknown) => {
      if (!isDomainError(error)) throw error;
      output.note(`Where the margins come from cannot be said: ${error.message}`);
      return [];
    });
    output.document({
      ...toBatchDocument(status, { url: (key) => session.store.url(key), verbose }),
      ...(margins.length === 0 ? {} : { margins }),
    });
    if (!output.json) {
      const live = open && !silent ? await readLive(session, status) : NOTHING_LIVE;
      // Nothing is redrawn here: every scan is shown, in full length where it is not a terminal.
      const size = { columns: output.live ? output.columns : Infinity, rows: Infinity };
      for (const line of renderBoard(status, live, size, output.color)) output.say(line);
      for (const line of storageLines(totalStorage(status.scans.map(scanStorage))))
        output.say(line);
      for (const { text, drifted } of margins) {
        output.say(`  ${drifted ? output.color.yellow(text) : text}`);
      }
    }
    return EXIT.done;
  });
}

async function showAll(output: Output): Promise<ExitCode> {
  return withSession(async (session) => {
    const batches = await listBatches(session);
    output.document({ batches });
    if (!output.json) for (const line of renderBatches(batches)) output.say(line);
    return EXIT.done;
  });
}

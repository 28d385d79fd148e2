import type { Command } from "commander";
import { readDocument } from "../../activities/stage/documents.ts";
import { InvalidInput } from "../../domain/errors.ts";
import type { ResolvedBatch } from "../../schemas/batch.ts";
import type { Session } from "../connect.ts";
import { forgetDerived } from "../derive-pretrain.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { parseName } from "../names.ts";
import { createOutput } from "../output.ts";
import { readStatus } from "../read-status.ts";
import { resolveBatch } from "../resolve-batch.ts";
import { retryBatch } from "../retry-batch.ts";
import { collectAssignments, type Run } from "../run-command.ts";
import { type Assignment, setPaths } from "../set-path.ts";
import { storeSpec } from "../store-batch.ts";
import { waitForBatch } from "../wait.ts";
import { withSession } from "../with-session.ts";

interface RetryOptions {
  readonly failed?: boolean;
  readonly only?: readonly string[];
  readonly set?: readonly Assignment[];
  readonly wait?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

export function addRetry(program: Command, run: Run): void {
  program
    .command("retry")
    .summary("run again the scans that failed")
    .description(
      "Run again the scans of a batch that failed or were cancelled, and only those.\nA file that was repaired is read anew; nothing that succeeded runs again.",
    )
    .argument("<batch>", "id of the batch", parseName)
    .option("--failed", "every scan that failed or was cancelled (the default)")
    .option("--only <ids...>", "only these of them")
    .option(
      "--set <path=value>",
      "change a field of the batch, as in localize.minConfidence=0.1 or scans.A07.allowMissingSlices=true (repeatable)",
      collectAssignments,
    )
    .option("--wait", "show the batch until it has settled; exit 1 if a scan failed")
    .option("--json", "print one JSON document")
    .option("--verbose", "with --wait --json: also what is internal")
    .action(run(retry));
}

async function retry(batch: string, options: RetryOptions): Promise<ExitCode> {
  if (options.failed === true && options.only !== undefined) {
    throw new InvalidInput("retry: expected --failed or --only, got both");
  }
  const output = createOutput(options);
  const only = options.only?.map(parseName);
  return withSession(async (session) => {
    const { spec, changed } = await respecify(session, batch, options.set ?? []);
    const again = await retryBatch(session, { batch, spec, only, changed });
    output.note(`Batch ${batch}: running again: ${again.join(", ")}`);
    if (options.wait === true) return waitForBatch(session, batch, output, options);
    output.document({ batch, retried: again });
    if (!output.json) output.say(`Watch it: microtome status ${batch} --watch`);
    return EXIT.done;
  });
}

/** The key of the batch's specification with the assignments applied, and whether it is another one. */
async function respecify(
  session: Session,
  batch: string,
  set: readonly Assignment[],
): Promise<{ readonly spec: string; readonly changed: boolean }> {
  const { status } = await readStatus(session, batch);
  if (status.spec === undefined) {
    throw new InvalidInput(`Batch ${batch} has no stored specification; submit it again`);
  }
  if (set.length === 0) return { spec: status.spec, changed: false };
  const stored = await readDocument<ResolvedBatch>(session.store, status.spec);
  const open = { ...stored, pretrain: forgetDerived(stored.pretrain, stored.localize.method) };
  const { spec } = resolveBatch(setPaths(open, set), "/");
  if (spec.batch !== batch) {
    throw new InvalidInput(`retry --set batch: a batch keeps its name, got "${spec.batch}"`);
  }
  const key = await storeSpec(session.store, spec);
  return { spec: key, changed: key !== status.spec };
}

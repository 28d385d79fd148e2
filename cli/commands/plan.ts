import { existsSync } from "node:fs";
import type { Command } from "commander";
import { readDocument } from "../../activities/stage/documents.ts";
import type { Decision } from "../../activities/plan/plan-types.ts";
import type { ObjectStore } from "../../activities/deps.ts";
import { NotFound } from "../../domain/errors.ts";
import type { ResolvedBatch } from "../../schemas/batch.ts";
import { identifier } from "../../schemas/shape.ts";
import { readBatchArguments } from "../batch-file.ts";
import { connectStore } from "../connect.ts";
import { forgetDerived } from "../derive-pretrain.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { parseName } from "../names.ts";
import { createOutput } from "../output.ts";
import { planLines, planTotal } from "../plan-lines.ts";
import { storedStatus } from "../read-status.ts";
import { resolveBatch } from "../resolve-batch.ts";
import { collectAssignments, type Run } from "../run-command.ts";
import { type Assignment, setPaths } from "../set-path.ts";

interface PlanOptions {
  readonly batch?: string;
  readonly set?: readonly Assignment[];
  readonly repretrain?: boolean;
  readonly trustSources?: boolean;
  readonly scans?: boolean;
  readonly json?: boolean;
}

export function addPlan(program: Command, run: Run): void {
  program
    .command("plan")
    .summary("say what submitting a batch would do, and why")
    .description(
      "Say of each stage of each scan whether submitting would reuse or run it, why, and what that\ntakes by what past runs took. Nothing is written and nothing is started; sources are read.",
    )
    .argument("<paths...>", "as for submit; or the id of a batch that was submitted")
    .option("--batch <id>", "name the batch and take SOURCEs instead of a batch file", parseName)
    .option(
      "--set <path=value>",
      "set a field of the batch, as in localize.threshold=midpoint (repeatable)",
      collectAssignments,
    )
    .option("--repretrain", "as if submitted with --repretrain")
    .option("--trust-sources", "do not read sources that were ingested before")
    .option("--scans", "a line for every stage of every scan, instead of one for equal reasons")
    .option("--json", "print one JSON document")
    .action(run(plan));
}

async function plan(paths: string[], options: PlanOptions): Promise<ExitCode> {
  const output = createOutput(options);
  const [name] = paths;
  const stored = options.batch === undefined && paths.length === 1 && isBatchId(name);
  const given = stored
    ? undefined
    : await readBatchArguments({
        ...{ paths, batch: options.batch, set: options.set ?? [], cwd: process.cwd() },
      });
  const { store } = await connectStore();
  const spec = given?.spec ?? (await storedSpec(store, name!, options.set ?? []));
  const { planBatch } = await import("../../activities/plan/plan-batch.ts");
  const { stderr } = process;
  const planned = await planBatch(store, spec, {
    trustSources: options.trustSources ?? false,
    repretrain: options.repretrain ?? false,
    signal: new AbortController().signal,
    onScan: (done, of) => {
      if (stderr.isTTY)
        stderr.write(`\r${done < of ? `${done} of ${of} sources read` : "\u001B[K"}`);
    },
  });
  const count = (decision: Decision) => planTotal(planned, decision).steps;
  const totals = {
    ...{ reuse: count("reuse"), fail: count("fail") },
    ...{ run: planTotal(planned, "run"), unknown: planTotal(planned, "unknown") },
  };
  output.document({ ...planned, totals });
  if (!output.json) {
    const size = { scans: options.scans ?? false, columns: output.columns };
    for (const line of planLines(planned, size)) output.say(line);
  }
  return EXIT.done;
}

/** A name that is no file here can only be a batch's. */
function isBatchId(name: string | undefined): boolean {
  return (
    name !== undefined &&
    new RegExp(identifier.pattern).test(name) &&
    !existsSync(name) &&
    !/\.(json|ya?ml)$/i.test(name)
  );
}

/** The specification that a batch was submitted with last, with fields set anew. */
async function storedSpec(
  store: ObjectStore,
  batch: string,
  set: readonly Assignment[],
): Promise<ResolvedBatch> {
  const status = await storedStatus({ store }, batch);
  if (status?.spec === undefined) {
    throw new NotFound(`${batch} is neither a file here nor a batch that has ended`);
  }
  const stored = await readDocument<ResolvedBatch>(store, status.spec);
  const open = { ...stored, pretrain: forgetDerived(stored.pretrain, stored.localize.method) };
  return resolveBatch(setPaths(open, set), "/").spec;
}

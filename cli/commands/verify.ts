import type { Command } from "commander";
import { formatBytes } from "../../activities/report/format.ts";
import type { Repair } from "../../activities/verify/plan-repair.ts";
import type { Verified } from "../../activities/verify/verify-store.ts";
import { InvalidInput } from "../../domain/errors.ts";
import { connectStore } from "../connect.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { interruptible } from "../interruptible.ts";
import { parseName } from "../names.ts";
import { createOutput } from "../output.ts";
import { createProgressLine } from "../progress-line.ts";
import type { Run } from "../run-command.ts";

interface VerifyOptions {
  readonly deep?: boolean;
  readonly repair?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function addVerify(program: Command, run: Run): void {
  program
    .command("verify")
    .summary("read everything again that a batch, or the whole store, promises")
    .description(
      "Read everything again that the manifests of a batch promise, or of the whole store: that every object is there, its length and digest, shapes of arrays, the index of every shard, pins and pointers.\nEnds with exit code 1 when something is not as promised, and names it.",
    )
    .argument("[batch]", "id of the batch; without, everything in the store", parseName)
    .option("--deep", "also decode every voxel")
    .option(
      "--repair",
      "list what must be moved aside (to quarantine/damaged/) for the next submission to make it anew; with --yes, move it",
    )
    .option("--yes", "with --repair: do it")
    .option("--json", "print one JSON document")
    .action(run(verify));
}

async function verify(batch: string | undefined, options: VerifyOptions): Promise<ExitCode> {
  const { deep = false, repair: repairing = false, yes = false } = options;
  if (yes && !repairing) throw new InvalidInput("verify --yes: expected --repair with it");
  const output = createOutput(options);
  const { verifyStore } = await import("../../activities/verify/verify-store.ts");
  const { planRepair } = await import("../../activities/verify/plan-repair.ts");
  const { repair } = await import("../../activities/verify/repair.ts");
  const line = createProgressLine(output);
  try {
    return await interruptible("Stopped before everything was looked at", async (signal) => {
      const { store } = await connectStore();
      const found = await verifyStore(store, { batch, deep, signal, onProgress: line.update });
      line.done();
      const plan = planRepair(found.problems);
      const moved = repairing && yes ? await repair(store, plan, signal) : undefined;
      output.document({
        ...(batch === undefined ? {} : { batch }),
        ...found,
        ...(repairing ? { repair: { ...plan, moved: moved ?? 0 } } : {}),
      });
      if (!output.json) {
        for (const text of describeVerified(found)) output.say(text);
        const advice = repairing
          ? describeRepair(plan, batch, moved)
          : adviceFor(found, plan, batch);
        for (const text of advice) output.say(text);
      }
      return found.problems.length === 0 ? EXIT.done : EXIT.failed;
    });
  } finally {
    line.done();
  }
}

/** What was looked at and every problem, as lines of a table. */
export function describeVerified({ checked, problems, notes }: Verified): string[] {
  const { manifests, objects, bytes } = checked;
  const looked = `${objects} objects of ${manifests} manifests, ${formatBytes(bytes)}`;
  const head =
    problems.length === 0
      ? `${looked}: all as promised`
      : `${looked}: ${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
  const width = Math.max(0, ...problems.map(({ kind }) => kind.length));
  const scans = Math.max(0, ...problems.map(({ scan }) => scan?.length ?? 1));
  return [
    head,
    ...problems.flatMap(({ kind, key, scan, message }) => [
      `  ${kind.padEnd(width)}  ${(scan ?? "–").padEnd(scans)}  ${key}`,
      `  ${" ".repeat(width + scans + 2)}  ${message}`,
    ]),
    ...notes,
  ];
}

function adviceFor({ problems }: Verified, plan: Repair, batch: string | undefined): string[] {
  if (problems.length === 0) return [];
  const command = ["microtome verify", ...(batch === undefined ? [] : [batch]), "--repair"];
  const missing = problems.some(
    ({ kind, manifest }) => kind === "missing" && manifest !== undefined,
  );
  if (plan.documents.length > 0) {
    return [`To have what is damaged made anew: ${command.join(" ")} says what it takes`];
  }
  return missing ? ["Submit the batch again: what has no manifest is made anew"] : [];
}

/** What a repair moves (or would), and what to do then. */
export function describeRepair(
  { documents, objects, beyond }: Repair,
  batch: string | undefined,
  moved: number | undefined,
): string[] {
  const name = batch ?? "their batches";
  const all = [...documents, ...objects];
  const list = all.map((key) => `  ${key}`);
  const rest = beyond.map((text) => `not mended: ${text}`);
  if (all.length === 0) return ["Nothing to move aside", ...rest];
  return moved === undefined
    ? [
        `To be moved to quarantine/damaged/ (nothing was moved yet; --yes does it):`,
        ...list,
        ...rest,
      ]
    : [
        `Moved ${moved} to quarantine/damaged/:`,
        ...list,
        ...rest,
        `Submit ${name} again: only what was moved aside is made anew`,
      ];
}

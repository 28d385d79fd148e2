import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import type { QuarantinedVolume } from "../../activities/retention/list-quarantine.ts";
import { formatBytes } from "../../activities/report/format.ts";
import { InvalidInput } from "../../domain/errors.ts";
import { connectStore } from "../connect.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { findScan } from "../find-scan.ts";
import { interruptible } from "../interruptible.ts";
import { parseBatchScan, parseName } from "../names.ts";
import { createOutput } from "../output.ts";
import { createProgressLine } from "../progress-line.ts";
import { choosePurged, describeQuarantine, describePurge } from "../quarantine-board.ts";
import type { Run } from "../run-command.ts";
import { withSession } from "../with-session.ts";

export function addRetention(program: Command, run: Run): void {
  const retention = program
    .command("retention")
    .summary("whole volumes in quarantine: list, restore, purge")
    .description(
      "Whole volumes that a batch's retention moved aside once their crops were safe.\nNothing is ever deleted but by `purge`, which lists what goes and asks first.",
    );
  retention
    .command("list")
    .summary("what lies in quarantine, and until when")
    .option("--json", "print one JSON document")
    .action(run(list));
  retention
    .command("restore")
    .summary("bring a whole volume back from quarantine")
    .argument("<batch/scan>", "which scan", parseBatchScan)
    .option("--json", "print one JSON document")
    .action(run(restore));
  retention
    .command("purge")
    .summary("delete volumes in quarantine for good")
    .description(
      "Delete for good the volumes whose days in quarantine are over; what lies outside their crops is lost.\nLists exactly what goes and deletes nothing without --yes (on a terminal it asks). Every crop is read again first; a volume whose crop is damaged is never deleted.",
    )
    .option("--batch <id>", "those of this batch, whether or not their days are over", parseName)
    .option("--yes", "do not ask")
    .option("--json", "print one JSON document")
    .action(run(purge));
}

async function list(options: { readonly json?: boolean }): Promise<ExitCode> {
  const output = createOutput(options);
  const { listQuarantine } = await import("../../activities/retention/list-quarantine.ts");
  const { store } = await connectStore();
  const volumes = await listQuarantine(store);
  output.document({ quarantine: volumes.map(toDocument) });
  if (!output.json) for (const text of describeQuarantine(volumes, new Date())) output.say(text);
  return EXIT.done;
}

async function restore(
  { batch, scan }: { readonly batch: string; readonly scan: string },
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const output = createOutput(options);
  const { restoreVolume } = await import("../../activities/retention/restore-volume.ts");
  const line = createProgressLine(output);
  const stopped = "Stopped; nothing is lost, the same command goes on where it was";
  try {
    return await interruptible(stopped, (signal) =>
      withSession(async (session) => {
        const { volume, outcome, state } = await findScan(session, batch, scan);
        if (volume === undefined) {
          throw new InvalidInput(`${scan}: it has no volume (it is ${outcome ?? state})`);
        }
        const note = `restoring ${batch}/${scan}`;
        const { objects, bytes } = await restoreVolume(session.store, volume, {
          signal,
          onProgress: (fraction) => line.update({ fraction, note }),
        });
        line.done();
        output.document({ batch, scan, volume, objects, bytes });
        if (!output.json) {
          output.say(`${batch}/${scan}: restored, ${objects} objects, ${formatBytes(bytes)}`);
        }
        return EXIT.done;
      }),
    );
  } finally {
    line.done();
  }
}

async function purge(options: {
  readonly batch?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}): Promise<ExitCode> {
  const output = createOutput(options);
  const { listQuarantine } = await import("../../activities/retention/list-quarantine.ts");
  const { purgeVolume } = await import("../../activities/retention/purge-volume.ts");
  const { cropDamage } = await import("../../activities/retention/crop-damage.ts");
  const { store } = await connectStore();
  const now = new Date();
  const volumes = await listQuarantine(store);
  const { going, staying } = choosePurged(volumes, { batch: options.batch, now });
  for (const text of describePurge(going, staying)) output.say(text);
  const agreed =
    options.yes === true ||
    (going.length > 0 && output.live && process.stdin.isTTY && (await confirm()));
  const line = createProgressLine(output);
  const purged: QuarantinedVolume[] = [];
  try {
    await interruptible("Stopped; what was begun is finished by the next purge", async (signal) => {
      for (const volume of agreed ? going : []) {
        const damage = await cropDamage(store, volume.crops, signal);
        if (damage !== undefined) {
          output.note(`${volume.scans.join(", ")} stays: ${damage}`);
          continue;
        }
        const note = `deleting ${volume.scans.join(", ")}`;
        await purgeVolume(store, volume.record.volume, now, {
          signal,
          onProgress: (share) =>
            line.update({ fraction: (purged.length + share) / going.length, note }),
        });
        purged.push(volume);
      }
    });
  } finally {
    line.done();
  }
  output.document({
    ...{ going: going.map(toDocument), staying: staying.map(toDocument) },
    purged: purged.map(toDocument),
  });
  if (purged.length > 0) {
    const bytes = purged.reduce((sum, volume) => sum + volume.bytes, 0);
    output.say(`Deleted ${purged.length} volumes, ${formatBytes(bytes)}`);
  } else if (!agreed && going.length > 0) {
    output.say("Nothing was deleted; --yes deletes what is listed");
  }
  return agreed && purged.length < going.length ? EXIT.failed : EXIT.done;
}

async function confirm(): Promise<boolean> {
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await ask.question("Delete these for good? Type yes: ")).trim() === "yes";
  } finally {
    ask.close();
  }
}

function toDocument({ record, objects, bytes, scans, needed }: QuarantinedVolume): object {
  const { volume, state, since, until } = record;
  return { ...{ volume, state, since, until, objects, bytes, scans }, ...(needed && { needed }) };
}

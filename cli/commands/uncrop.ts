import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Option, type Command } from "commander";
import { EXPORT_FORMATS, type ExportFormat } from "../../schemas/formats.ts";
import type { Uncropped } from "../../activities/volumes/uncrop.ts";
import { InvalidInput } from "../../domain/errors.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { findScan } from "../find-scan.ts";
import { interruptible } from "../interruptible.ts";
import { parseBatchScan } from "../names.ts";
import { createOutput } from "../output.ts";
import { createProgressLine } from "../progress-line.ts";
import type { Run } from "../run-command.ts";
import { withSession } from "../with-session.ts";

interface UncropOptions {
  readonly format: ExportFormat;
  readonly to: string;
  readonly json?: boolean;
}

export function addUncrop(program: Command, run: Run): void {
  program
    .command("uncrop")
    .summary("rebuild the full-size volume of a cropped scan")
    .description(
      "Rebuild the full-size volume of a cropped scan as DIR/<scan>.<ext>.\nWhile the whole volume is kept or in quarantine, every voxel is the original's, and the crop is compared with it.\nOnce it is purged, what lies outside the crop is filled with the recorded median of the background.",
    )
    .argument("<batch/scan>", "which scan", parseBatchScan)
    .addOption(
      new Option("--format <format>", "file format").choices(EXPORT_FORMATS).default("ome-zarr"),
    )
    .requiredOption("--to <dir>", "folder to write to")
    .option("--json", "print one JSON document")
    .action(run(uncropScan));
}

async function uncropScan(
  { batch, scan }: { readonly batch: string; readonly scan: string },
  { format, to, json = false }: UncropOptions,
): Promise<ExitCode> {
  const output = createOutput({ json });
  const { exportPath } = await import("../../activities/volumes/export-volume.ts");
  const { uncrop } = await import("../../activities/volumes/uncrop.ts");
  const dir = resolve(to);
  const line = createProgressLine(output);
  try {
    return await interruptible("Stopped; nothing half-written was left", (signal) =>
      withSession(async (session) => {
        const { crop, outcome, state } = await findScan(session, batch, scan);
        if (crop === undefined) {
          throw new InvalidInput(
            `${scan}: there is no crop to rebuild it from (it is ${outcome ?? state}); \`microtome export --stage volume\` gives out a volume`,
          );
        }
        await mkdir(dir, { recursive: true }).catch((cause: unknown) => {
          throw new InvalidInput(`--to ${dir}: ${(cause as Error).message}`, { cause });
        });
        const file = exportPath(dir, scan, format);
        const record = join(dir, `${scan}.uncrop.json`);
        const how = await uncrop(session.store, crop, {
          ...{ format, to: file, recordTo: record, signal },
          onProgress: (fraction) => line.update({ fraction, note: file }),
        });
        line.done();
        const { shell, fill, fillFrom } = how;
        output.document({
          ...{ batch, scan, format, file, shell },
          ...(fill === undefined ? {} : { fill, fillFrom }),
          ...(format === "ome-zarr" ? {} : { record }),
        });
        if (!output.json) for (const text of [file, `  ${inWords(how)}`]) output.say(text);
        return EXIT.done;
      }),
    );
  } finally {
    line.done();
  }
}

function inWords({ shell, fill, fillFrom }: Uncropped): string {
  switch (shell) {
    case "kept":
      return "every voxel is the original's; the crop agrees with it";
    case "quarantined":
      return "every voxel is the original's, out of quarantine; the crop agrees with it";
    case "filled":
      return `outside the crop everything is ${fill} (${fillFrom}): the whole volume is no longer in the store`;
  }
}

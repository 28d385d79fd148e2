import { mkdir, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { InvalidInput, NotFound } from "../../domain/errors.ts";
import { EXPORT_FORMATS, type ExportFormat } from "../../schemas/formats.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { EXPORT_STAGES, exportLabels, exportSource, type ExportStage } from "../export-source.ts";
import { findScan } from "../find-scan.ts";
import { interruptible } from "../interruptible.ts";
import { parseBatchScan } from "../names.ts";
import { createOutput } from "../output.ts";
import { createProgressLine } from "../progress-line.ts";
import type { Run } from "../run-command.ts";
import { withSession } from "../with-session.ts";

interface ExportOptions {
  readonly stage: ExportStage;
  readonly format: ExportFormat;
  readonly to: string;
  readonly json?: boolean;
}

export function addExport(program: Command, run: Run): void {
  program
    .command("export")
    .summary("write a volume, crop or labels as files")
    .description(
      "Write a scan's volume, crop or labels as DIR/<scan>.<ext>.\nNIfTI and NRRD keep the source's dtype, order and affine; a crop lies where it lay in the scan.\nAn OME-Zarr takes its labels along, in the group labels/.",
    )
    .argument("<batch/scan>", "which scan", parseBatchScan)
    .addOption(new Option("--stage <stage>", "what of it").choices(EXPORT_STAGES).default("crop"))
    .addOption(
      new Option("--format <format>", "file format").choices(EXPORT_FORMATS).default("ome-zarr"),
    )
    .requiredOption("--to <dir>", "folder to write to")
    .option("--json", "print one JSON document")
    .action(run(exportScan));
}

async function exportScan(
  { batch, scan }: { readonly batch: string; readonly scan: string },
  options: ExportOptions,
): Promise<ExitCode> {
  const output = createOutput(options);
  const { exportPath, exportVolume } = await import("../../activities/volumes/export-volume.ts");
  const { volumePrefix } = await import("../../activities/retention/find-volume.ts");
  const { stage, format } = options;
  const dir = resolve(options.to);
  const line = createProgressLine(output);
  try {
    return await interruptible("Stopped; nothing half-written was left", (signal) =>
      withSession(async (session) => {
        const found = await findScan(session, batch, scan);
        const { prefix: own, start } = exportSource(found, stage);
        const { volume } = found;
        const place = async () =>
          stage === "volume" && volume !== undefined ? volumePrefix(session.store, volume) : own;
        const prefix = await place();
        await mkdir(dir, { recursive: true }).catch((cause: unknown) => {
          throw new InvalidInput(`--to ${dir}: ${(cause as Error).message}`, { cause });
        });
        const file = exportPath(dir, scan, format);
        await exportVolume(session.store, prefix, {
          format,
          to: file,
          start,
          ...(format === "ome-zarr" ? { labels: exportLabels(found, stage) } : {}),
          signal,
          onProgress: (fraction) => line.update({ fraction, note: file }),
        });
        line.done();
        if (stage === "volume" && (await place()) !== prefix) {
          // What was moved to quarantine while it was read may have been read as holes.
          await rm(file, { recursive: true, force: true });
          throw new NotFound(`${scan}: the volume was moved meanwhile; run it again`);
        }
        output.document({ batch, scan, stage, format, file });
        if (!output.json) output.say(file);
        return EXIT.done;
      }),
    );
  } finally {
    line.done();
  }
}

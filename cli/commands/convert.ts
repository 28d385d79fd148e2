import { resolve } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import { EXPORT_FORMATS, type ExportFormat } from "../../schemas/formats.ts";
import { InvalidInput } from "../../domain/errors.ts";
import type { Dtype } from "../../domain/volumes/shape.ts";
import { dtype as dtypeSchema } from "../../schemas/shape.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { interruptible } from "../interruptible.ts";
import { parseCount } from "../names.ts";
import { createOutput } from "../output.ts";
import { createProgressLine } from "../progress-line.ts";
import type { Run } from "../run-command.ts";

interface ConvertCommandOptions {
  readonly to: string;
  readonly format: ExportFormat;
  readonly id?: string;
  readonly dataset?: string;
  readonly voxelSize?: readonly number[];
  readonly overrideVoxelSize?: boolean;
  readonly shape?: readonly number[];
  readonly dtype?: Dtype;
  readonly endian: "little" | "big";
  readonly headerBytes: number;
  readonly allowMissingSlices?: boolean;
  readonly labels?: boolean;
  readonly json?: boolean;
}

export function addConvert(program: Command, run: Run): void {
  program
    .command("convert")
    .summary("convert a scan between formats, without any server")
    .description(
      "Read a scan (TIFF slices or stack, NIfTI, NRRD, MetaImage, HDF5, OME-Zarr, raw; a folder, a pattern, file:// or s3://)\nand write it as DIR/<id>.<ext>. Streamed: memory does not grow with the scan. No server is needed.",
    )
    .argument("<source>", "the scan")
    .requiredOption("--to <dir>", "folder to write to")
    .addOption(
      new Option("--format <format>", "file format").choices(EXPORT_FORMATS).default("ome-zarr"),
    )
    .option("--id <id>", "name of the result (default: the source's)")
    .option("--dataset <path>", "the dataset inside an HDF5 file or Zarr group")
    .option("--voxel-size <z,y,x>", "micrometres, where the file does not say", parseThree)
    .option("--override-voxel-size", "the file's voxel size is wrong: take --voxel-size")
    .option("--shape <z,y,x>", "of a raw file, with --dtype", parseThree)
    .addOption(new Option("--dtype <dtype>", "of a raw file").choices(dtypeSchema.enum))
    .addOption(
      new Option("--endian <order>", "of a raw file").choices(["little", "big"]).default("little"),
    )
    .option("--header-bytes <n>", "to skip in a raw file", parseCount(0, 2 ** 40), 0)
    .option("--allow-missing-slices", "accept a gap in the numbering of slices")
    .option("--labels", "voxels are labels: downsample by the most frequent, not by the mean")
    .option("--json", "print one JSON document")
    .action(run(convert));
}

async function convert(source: string, options: ConvertCommandOptions): Promise<ExitCode> {
  const output = createOutput(options);
  const { convertScan } = await import("../../activities/volumes/convert-scan.ts");
  const { exportPath } = await import("../../activities/volumes/export-volume.ts");
  const { scanIdOf } = await import("../../activities/sources/scan-id.ts");
  const { shape, dtype, endian, headerBytes, format } = options;
  if ((shape === undefined) !== (dtype === undefined)) {
    throw new InvalidInput("A raw file needs both --shape and --dtype");
  }
  const id = options.id ?? scanIdOf(source);
  const file = exportPath(resolve(options.to), id, format);
  const line = createProgressLine(output);
  const started = performance.now();
  try {
    const spec = {
      scan: id,
      source,
      dataset: options.dataset,
      voxelSizeUm: options.voxelSize,
      voxelSizeOverrides: options.overrideVoxelSize,
      allowMissingSlices: options.allowMissingSlices,
      ...(shape && dtype ? { raw: { shape, dtype, endian, headerBytes } } : {}),
    };
    const converted = await interruptible("Stopped; nothing half-written was left", (signal) =>
      convertScan(spec, process.cwd(), {
        format,
        to: file,
        labels: options.labels ?? false,
        signal,
        onProgress: (fraction) => line.update({ fraction, note: file }),
      }),
    );
    line.done();
    const seconds = (performance.now() - started) / 1000;
    const { voxelSize, ...read } = converted;
    output.document({ source, file, format, read, voxelSize, seconds });
    if (!output.json) {
      const size = voxelSize.voxelSizeUm.join(" x ");
      const by = { file: "", user: " (as you say)", unknown: " (nobody says: assumed)" };
      output.say(
        `${file}: ${read.format}, ${read.shape.join(" x ")} ${read.dtype}, ${size} µm${by[voxelSize.from]}, ${seconds.toFixed(1)} s`,
      );
    }
    return EXIT.done;
  } finally {
    line.done();
  }
}

function parseThree(text: string): readonly number[] {
  const numbers = text.split(",").map(Number);
  if (numbers.length === 3 && numbers.every((n) => Number.isFinite(n) && n > 0)) return numbers;
  throw new InvalidArgumentError("Expected three positive numbers: z,y,x");
}

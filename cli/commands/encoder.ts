import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Option, type Command } from "commander";
import { ENCODER_FORMATS, type EncoderFormat } from "../../activities/encoders/encoder-format.ts";
import { domainError, InvalidInput, isDomainError, NotFound } from "../../domain/errors.ts";
import { keys } from "../../schemas/names.ts";
import type { EncoderRef } from "../../schemas/volume.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { createOutput } from "../output.ts";
import type { Run } from "../run-command.ts";
import { withSession } from "../with-session.ts";

interface ExportOptions {
  readonly format: EncoderFormat;
  readonly view: EncoderRef["view"];
  readonly to: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  microtome encoder export latest:medaka --view slices --to out
  microtome encoder export 3f9c…64 digits… --format saved-model --to out
  microtome encoder export evaluation/sorting/split-1.encoder.bin --to out     # no server needed`;

export function addEncoder(program: Command, run: Run): void {
  const encoder = program
    .command("encoder")
    .summary("get pretrained encoders out")
    .description("Pretrained encoders, for other programs.");
  encoder
    .command("export")
    .description(
      "Write an encoder, without the head of its pretext, as DIR/encoder.onnx or DIR/saved_model/.",
    )
    .argument("<encoder>", "its key, latest:<collection>, or an encoder's .bin file")
    .addOption(
      new Option("--format <format>", "file format").choices(ENCODER_FORMATS).default("onnx"),
    )
    .addOption(
      new Option("--view <view>", "with latest: which of the collection's two encoders")
        .choices(["windows", "slices"])
        .default("slices"),
    )
    .requiredOption("--to <dir>", "folder to write to")
    .option("--json", "print one JSON document")
    .addHelpText("after", EXAMPLES)
    .action(run(exportEncoder));
}

async function exportEncoder(encoder: string, options: ExportOptions): Promise<ExitCode> {
  const output = createOutput(options);
  const { useTensorFlow } = await import("../../activities/engine/use-tensorflow.ts");
  const { exportEncoder } = await import("../../activities/encoders/export-encoder.ts");
  const { openEncoder } = await import("../../domain/pretexts/encoder-file.ts");
  const { pieceEnvironment } = await import("../../infra/setup/paths.mjs");
  const bytes = await readEncoder(encoder, options.view);
  const env: NodeJS.ProcessEnv = { ...process.env, ...pieceEnvironment() };
  await useTensorFlow(env["MICROTOME_TFJS_ADDON"]);
  const opened = open(encoder, () => openEncoder(bytes));
  try {
    const written: string[] = [];
    for (const [name, content] of exportEncoder(opened, options.format)) {
      const file = join(resolve(options.to), name);
      await mkdir(dirname(file), { recursive: true }).catch((cause: unknown) => {
        throw new InvalidInput(`--to ${options.to}: ${(cause as Error).message}`, { cause });
      });
      await writeFile(file, content);
      written.push(file);
    }
    const { config, step } = opened;
    output.document({ encoder, format: options.format, step, config, files: written });
    if (!output.json) for (const file of written) output.say(file);
    return EXIT.done;
  } finally {
    opened.network.dispose();
  }
}

/** Errors about the bytes do not know where they came from. */
function open<T>(encoder: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isDomainError(error)) throw error;
    throw domainError(error.name, `${encoder}: ${error.message}`) ?? error;
  }
}

async function readEncoder(encoder: string, view: EncoderRef["view"]): Promise<Uint8Array> {
  if (encoder.endsWith(".bin")) {
    return readFile(encoder).catch((cause: unknown) => {
      throw new NotFound(`${encoder}: ${(cause as Error).message}`, { cause });
    });
  }
  const collection = /^latest:(.+)$/.exec(encoder)?.[1];
  if (collection === undefined && !/^[0-9a-f]{64}$/.test(encoder)) {
    throw new InvalidInput(
      `Expected an encoder's key (64 hexadecimal digits), latest:<collection> or a .bin file, got ${encoder}`,
    );
  }
  return withSession(async ({ store }) => {
    const { findDocument } = await import("../../activities/stage/documents.ts");
    const { findEncoder } = await import("../../activities/stage/find-encoder.ts");
    const key =
      collection === undefined
        ? encoder
        : (await findDocument<EncoderRef>(store, keys.latestEncoder(collection, view)))?.key;
    if (key === undefined) {
      throw new NotFound(`Collection ${collection} has no encoder of view ${view} yet`);
    }
    const bytes = await findEncoder(store, key);
    if (bytes === undefined) throw new NotFound(`There is no encoder ${key}`);
    return bytes;
  });
}

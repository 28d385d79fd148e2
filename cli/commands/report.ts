import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { InvalidInput } from "../../domain/errors.ts";
import { connectStore } from "../connect.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { parseName } from "../names.ts";
import { createOutput } from "../output.ts";
import type { Run } from "../run-command.ts";

export function addReport(program: Command, run: Run): void {
  program
    .command("report")
    .summary("write the HTML report of a batch")
    .description("Write the report of a batch as one HTML file that needs nothing else.")
    .argument("<batch>", "id of the batch", parseName)
    .option("--to <file>", "where to write it; default: <batch>-report.html here")
    .option("--json", "print one JSON document")
    .action(run(report));
}

async function report(
  batch: string,
  options: { readonly to?: string; readonly json?: boolean },
): Promise<ExitCode> {
  const output = createOutput(options);
  const { gatherReport } = await import("../../activities/report/gather-report.ts");
  const { renderReport } = await import("../../activities/report/render-report.ts");
  const { store } = await connectStore();
  const file = resolve(options.to ?? `${batch}-report.html`);
  const { signal } = new AbortController();
  const model = await gatherReport(store, batch, { signal, madeAt: new Date() });
  const html = renderReport(model);
  await writeFile(file, html).catch((cause: unknown) => {
    const expected = "expected a file that can be written";
    throw new InvalidInput(`--to ${file}: ${(cause as Error).message}; ${expected}`, { cause });
  });
  output.document({ batch, outcome: model.outcome, report: file, bytes: Buffer.byteLength(html) });
  if (!output.json) output.say(file);
  return EXIT.done;
}

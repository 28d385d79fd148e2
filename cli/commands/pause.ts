import type { Command } from "commander";
import { workflowIds } from "../../schemas/names.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { parseName } from "../names.ts";
import { createOutput } from "../output.ts";
import type { Run } from "../run-command.ts";
import { runUpdate } from "../run-update.ts";
import { withSession } from "../with-session.ts";

export function addPause(program: Command, run: Run): void {
  program
    .command("pause")
    .summary("begin no new scan of a batch, no new round of training")
    .description(
      "Begin no new scan and no new round of training until resumed; what runs is let finish.",
    )
    .argument("<batch>", "id of the batch", parseName)
    .option("--json", "print one JSON document")
    .action(run((batch: string, options: { json?: boolean }) => send("pause", batch, options)));
  program
    .command("resume")
    .summary("go on with a paused batch")
    .argument("<batch>", "id of the batch", parseName)
    .option("--json", "print one JSON document")
    .action(run((batch: string, options: { json?: boolean }) => send("resume", batch, options)));
}

async function send(
  name: "pause" | "resume",
  batch: string,
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const output = createOutput(options);
  await withSession((session) =>
    runUpdate(session, workflowIds.batch(batch), {
      name,
      idle: `Batch ${batch} is not running`,
    }),
  );
  output.document({ batch, paused: name === "pause" });
  if (!output.json) output.say(`Batch ${batch}: ${name}d`);
  return EXIT.done;
}

import type { Command } from "commander";
import { workflowIds } from "../../schemas/names.ts";
import { CommandEnd, EXIT, type ExitCode } from "../exit.ts";
import { parseName } from "../names.ts";
import { createOutput } from "../output.ts";
import { runState } from "../read-status.ts";
import type { Run } from "../run-command.ts";
import { runUpdate } from "../run-update.ts";
import { withSession } from "../with-session.ts";

export function addCancel(program: Command, run: Run): void {
  program
    .command("cancel")
    .summary("stop a batch, or some of its scans")
    .description(
      "Stop a batch, or some of its scans. What is whole in the store stays and is reused.",
    )
    .argument("<batch>", "id of the batch", parseName)
    .option("--only <ids...>", "cancel only these scans; the others go on")
    .option("--json", "print one JSON document")
    .action(run(cancel));
}

async function cancel(
  batch: string,
  options: { readonly only?: readonly string[]; readonly json?: boolean },
): Promise<ExitCode> {
  const output = createOutput(options);
  const only = options.only?.map(parseName);
  const workflowId = workflowIds.batch(batch);
  const idle = `Batch ${batch} is not running`;
  return withSession(async (session) => {
    if (only === undefined) {
      if ((await runState(session, workflowId)) !== "running")
        throw new CommandEnd(EXIT.usage, idle);
      await session.client.workflow.getHandle(workflowId).cancel();
      output.document({ batch, cancelling: true });
      if (!output.json) output.say(`Batch ${batch} is being cancelled`);
      return EXIT.done;
    }
    const cancelled = await runUpdate<readonly string[]>(session, workflowId, {
      name: "cancelScan",
      args: [only],
      idle,
    });
    const others = only.filter((scan) => !cancelled.includes(scan));
    output.document({ batch, cancelled });
    if (!output.json && cancelled.length > 0) output.say(`Cancelled: ${cancelled.join(", ")}`);
    if (others.length === 0) return EXIT.done;
    output.note(`Not cancelled, because settled or not in ${batch}: ${others.join(", ")}`);
    return EXIT.failed;
  });
}

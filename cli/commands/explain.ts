import { Argument, type Command } from "commander";
import { InvalidInput } from "../../domain/errors.ts";
import { STAGES, type Stage } from "../../schemas/names.ts";
import { describeScan } from "../board.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { explainLines } from "../explain-lines.ts";
import { parseBatchScan } from "../names.ts";
import { createOutput } from "../output.ts";
import { readStatus } from "../read-status.ts";
import type { Run } from "../run-command.ts";
import { withSession } from "../with-session.ts";

export function addExplain(program: Command, run: Run): void {
  program
    .command("explain")
    .summary("say why each stage of a scan ran, or did not")
    .description(
      "Say of each stage of a scan whether it ran, was reused or failed, when and where, and how its\nkey differs from the nearest earlier result. With a stage: also its key's parts and artifacts.",
    )
    .argument("<batch/scan>", "the scan, as in night/A07", parseBatchScan)
    .addArgument(new Argument("[stage]", "only this stage").choices(STAGES))
    .option("--json", "print one JSON document")
    .action(run(explain));
}

async function explain(
  { batch, scan }: ReturnType<typeof parseBatchScan>,
  stage: Stage | undefined,
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const output = createOutput(options);
  const { explainScan } = await import("../../activities/plan/explain-scan.ts");
  return withSession(async (session) => {
    const { status } = await readStatus(session, batch);
    const found = status.scans.find((candidate) => candidate.scan === scan);
    if (found === undefined) throw new InvalidInput(`Batch ${batch} has no scan "${scan}"`);
    const stages = await explainScan(session.store, status, found, stage);
    output.document({ batch, scan, outcome: found.outcome ?? found.state, stages });
    if (output.json) return EXIT.done;
    const about = `${batch}/${scan}`;
    output.say(`${about}: ${describeScan(found)}`);
    const how = { about, columns: output.columns, parts: stage !== undefined };
    for (const line of explainLines(stages, how)) output.say(line);
    return EXIT.done;
  });
}

import type { Command } from "commander";
import { resolve } from "node:path";
import { findDocument } from "../../activities/stage/documents.ts";
import { toJson } from "../../activities/stage/manifests.ts";
import { InvalidInput } from "../../domain/errors.ts";
import type { CampaignProgress } from "../../schemas/campaign.ts";
import type { EncoderRef } from "../../schemas/volume.ts";
import { keys, QUEUES, workflowIds } from "../../schemas/names.ts";
import { campaignLines } from "../campaign-lines.ts";
import { CommandEnd, EXIT, type ExitCode } from "../exit.ts";
import { loadDocument } from "../load-document.ts";
import { parseName } from "../names.ts";
import { createOutput } from "../output.ts";
import { readBeats } from "../read-live.ts";
import { query, runState, storedStatus } from "../read-status.ts";
import { parseCampaign, resolveCampaign } from "../resolve-campaign.ts";
import type { Run } from "../run-command.ts";
import { runUpdate } from "../run-update.ts";
import { withSession } from "../with-session.ts";

interface JsonOption {
  readonly json?: boolean;
}

export function addCampaign(program: Command, run: Run): void {
  const campaign = program
    .command("campaign")
    .summary("pretrain an encoder over finished batches")
    .description("Long pretrainings that outlive batches, workers and beamtimes.");
  campaign
    .command("start")
    .description("start a campaign from a file (JSON or YAML): { campaign, batches, pretrain }")
    .argument("<file>", "the campaign file")
    .option("--json", "print one JSON document")
    .action(run(start));
  campaign
    .command("status")
    .description("show step, loss and rounds of a campaign")
    .argument("<id>", "id of the campaign", parseName)
    .option("--json", "print one JSON document")
    .action(run(status));
  campaign
    .command("stop")
    .description("end training after the running round and publish the encoder so far")
    .argument("<id>", "id of the campaign", parseName)
    .option("--json", "print one JSON document")
    .action(run(stop));
}

async function start(file: string, options: JsonOption): Promise<ExitCode> {
  const output = createOutput(options);
  const request = parseCampaign(loadDocument(resolve(file)));
  return withSession(async (session) => {
    const batches = await Promise.all(
      request.batches.map(async (batch) => {
        const found = await storedStatus(session, batch);
        if (found !== undefined) return found;
        throw new InvalidInput(`${request.campaign}: there is no finished batch "${batch}"`);
      }),
    );
    const { spec, steps } = await resolveCampaign(request, batches, async (collection, view) => {
      const key = keys.latestEncoder(collection, view);
      return (await findDocument<EncoderRef>(session.store, key))?.key;
    });
    const { campaign } = spec;
    const { WorkflowExecutionAlreadyStartedError } = await import("@temporalio/client");
    const workflowId = workflowIds.campaign(campaign);
    const busy = `Campaign ${campaign} is running already; \`microtome campaign status ${campaign}\` shows it`;
    // The specification of a running campaign must not change under it.
    if ((await runState(session, workflowId)) === "running") throw new CommandEnd(EXIT.usage, busy);
    await session.store.put(keys.campaignSpec(campaign), toJson(spec));
    try {
      await session.client.workflow.start("pretrainCampaign", {
        workflowId,
        taskQueue: QUEUES.workflows,
        args: [{ campaign, steps }],
        workflowIdConflictPolicy: "FAIL",
        staticSummary: `${campaign}: ${spec.views.length} scans, ${steps} steps`,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      throw new CommandEnd(EXIT.usage, busy, { cause: error });
    }
    output.document({ campaign, key: spec.key, scans: spec.views.length, steps });
    if (!output.json) {
      output.say(`Campaign ${campaign}: started on ${spec.views.length} scans, ${steps} steps`);
      output.say(`Watch it: microtome campaign status ${campaign}`);
    }
    return EXIT.done;
  });
}

async function status(id: string, options: JsonOption): Promise<ExitCode> {
  const output = createOutput(options);
  return withSession(async (session) => {
    const workflowId = workflowIds.campaign(id);
    const progress = await query<CampaignProgress>(session, workflowId, "campaignProgress");
    if (progress === undefined) {
      throw new CommandEnd(
        EXIT.usage,
        `No answer about a campaign "${id}": there is none, or no worker is running`,
      );
    }
    const [round] = progress.state === "running" ? await readBeats(session, workflowId) : [];
    output.document({ ...progress, ...(round === undefined ? {} : { round }) });
    if (!output.json) for (const line of campaignLines(progress, round)) output.say(line);
    return EXIT.done;
  });
}

async function stop(id: string, options: JsonOption): Promise<ExitCode> {
  const output = createOutput(options);
  await withSession((session) =>
    runUpdate(session, workflowIds.campaign(id), {
      name: "stop",
      idle: `Campaign ${id} is not running`,
    }),
  );
  output.document({ campaign: id, stopping: true });
  if (!output.json) output.say(`Campaign ${id} ends after the running round`);
  return EXIT.done;
}

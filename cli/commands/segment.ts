import type { Command } from "commander";
import { resolve } from "node:path";
import { readDocument } from "../../activities/stage/documents.ts";
import { canonicalJson, sha256 } from "../../activities/stage/content-key.ts";
import { toJson } from "../../activities/stage/manifests.ts";
import { compile } from "../../activities/validate.ts";
import { InvalidInput } from "../../domain/errors.ts";
import type { ResolvedBatch } from "../../schemas/batch.ts";
import { keys, QUEUES, workflowIds } from "../../schemas/names.ts";
import {
  segmentSpec,
  type SegmentationModelResult,
  type SegmentSpec,
} from "../../schemas/stages.ts";
import { CommandEnd, EXIT, type ExitCode } from "../exit.ts";
import { loadDocument } from "../load-document.ts";
import { parseName } from "../names.ts";
import { createOutput } from "../output.ts";
import { readStatus, storedStatus } from "../read-status.ts";
import type { Run } from "../run-command.ts";
import { startBatch } from "../start-batch.ts";
import { storeSpec } from "../store-batch.ts";
import { waitForBatch } from "../wait.ts";
import { withSession } from "../with-session.ts";

interface SegmentOptions {
  readonly wait?: boolean;
  readonly json?: boolean;
}

const parse = compile<SegmentSpec>(segmentSpec);

export function addSegment(program: Command, run: Run): void {
  const segment = program
    .command("segment")
    .summary("train a segmentation model, or apply one")
    .description("Train a segmentation model on the labelled crops of a batch, or apply one.");
  segment
    .command("train")
    .description("train a model from a file (JSON or YAML): { model, batch, encoder, steps, … }")
    .argument("<file>", "the segmentation file")
    .option("--wait", "wait until it is trained and print what was measured")
    .option("--json", "print one JSON document")
    .action(run(train));
  segment
    .command("apply")
    .description("apply a model to every crop of a batch; nothing else of the batch runs again")
    .argument("<model>", "name of the model", parseName)
    .argument("<batch>", "id of the batch", parseName)
    .option("--wait", "show the batch until it has settled; exit 1 if a scan failed")
    .option("--json", "print one JSON document")
    .action(run(apply));
}

async function train(file: string, options: SegmentOptions): Promise<ExitCode> {
  const output = createOutput(options);
  const spec = parse(structuredClone(loadDocument(resolve(file))));
  const { model, batch } = spec;
  return withSession(async (session) => {
    if ((await storedStatus(session, batch)) === undefined) {
      throw new InvalidInput(`${model}: there is no finished batch "${batch}"`);
    }
    const key = keys.modelSpec(model, sha256(canonicalJson(spec)));
    await session.store.putIfAbsent(key, toJson(spec));
    const { WorkflowExecutionAlreadyStartedError, WorkflowFailedError } =
      await import("@temporalio/client");
    try {
      const handle = await session.client.workflow.start("fineTuneSegmentation", {
        workflowId: workflowIds.segment(model),
        taskQueue: QUEUES.workflows,
        args: [{ model, spec: key }],
        workflowIdConflictPolicy: "FAIL",
        staticSummary: `${model}: learns from ${batch}`,
      });
      output.note(`Model ${model}: training started`);
      if (options.wait !== true) {
        output.document({ model, batch, started: true });
        return EXIT.done;
      }
      const result = (await handle.result()) as SegmentationModelResult;
      output.document(result);
      if (!output.json) for (const line of resultLines(model, result)) output.say(line);
      return EXIT.done;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) {
        throw new CommandEnd(EXIT.usage, `Model ${model} is being trained already`, {
          cause: error,
        });
      }
      if (!(error instanceof WorkflowFailedError)) throw error;
      throw new CommandEnd(EXIT.failed, `Model ${model} failed: ${rootMessage(error)}`, {
        cause: error,
      });
    }
  });
}

async function apply(model: string, batch: string, options: SegmentOptions): Promise<ExitCode> {
  const output = createOutput(options);
  return withSession(async (session) => {
    const { status } = await readStatus(session, batch);
    if (status.spec === undefined) {
      throw new InvalidInput(`Batch ${batch} has no stored specification; submit it again`);
    }
    if ((await session.store.head(keys.modelName(model))) === undefined) {
      throw new InvalidInput(`There is no model "${model}"; \`microtome segment train\` makes one`);
    }
    const stored = await readDocument<ResolvedBatch>(session.store, status.spec);
    const spec = await storeSpec(session.store, { ...stored, segment: { model } });
    await startBatch(session, { batch, spec }, `${batch}: apply ${model}`);
    output.note(`Batch ${batch}: model ${model} is being applied`);
    if (options.wait === true) return waitForBatch(session, batch, output);
    output.document({ batch, model, started: true });
    return EXIT.done;
  });
}

function resultLines(model: string, result: SegmentationModelResult): string[] {
  const { iou, meanIou, trainingScans, validationScans } = result;
  const on = validationScans.length > 0 ? validationScans : trainingScans;
  return [
    `${model}: mean IoU ${meanIou.toFixed(3)} on ${on.join(", ")}${validationScans.length > 0 ? "" : " (training scans: none was held out)"}`,
    ...Object.entries(iou).map(([label, value]) => `  class ${label}: IoU ${value.toFixed(3)}`),
  ];
}

function rootMessage(error: Error): string {
  let at = error;
  while (at.cause instanceof Error) at = at.cause;
  return at.message;
}

import type { Client, WorkflowStartOptions } from "@temporalio/client";
import { QUEUES, workflowIds } from "../schemas/names.ts";
import type { BatchStatus } from "../schemas/result.ts";
import type { SampleBatchInput } from "../workflows/messages.ts";
import type { Session } from "./connect.ts";
import { CommandEnd, EXIT } from "./exit.ts";
import { query } from "./read-status.ts";

/**
 * Start the workflow of a batch, or find that it is running already with the same specification.
 * One that runs with another specification ends the command with exit code 2.
 */
export async function startBatch(
  session: Session,
  input: SampleBatchInput,
  summary: string,
): Promise<"started" | "running already"> {
  const { WorkflowExecutionAlreadyStartedError } = await import("@temporalio/client");
  try {
    await startSearchable(session.client, {
      ...(await startOptions(input, summary)),
      workflowIdConflictPolicy: "FAIL",
    });
    return "started";
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    if ((await runningSpec(session, input.batch)) === input.spec) return "running already";
    const { batch } = input;
    throw new CommandEnd(
      EXIT.usage,
      `Batch ${batch} is running with another specification. Wait for it (\`microtome status ${batch} --watch\`), stop it (\`microtome cancel ${batch}\`), or submit under another id`,
      { cause: error },
    );
  }
}

/** How a batch's workflow is started, whoever starts it. */
export async function startOptions(
  input: SampleBatchInput,
  summary: string,
): Promise<WorkflowStartOptions & { workflowId: string }> {
  const { defineSearchAttributeKey } = await import("@temporalio/common");
  return {
    workflowId: workflowIds.batch(input.batch),
    taskQueue: QUEUES.workflows,
    args: [input],
    workflowIdReusePolicy: "ALLOW_DUPLICATE",
    memo: { spec: input.spec },
    staticSummary: summary,
    typedSearchAttributes: [
      { key: defineSearchAttributeKey("MicrotomeBatch", "KEYWORD"), value: input.batch },
    ],
  };
}

/** Start with search attributes; without, on a server where nobody has registered them. */
async function startSearchable(client: Client, options: WorkflowStartOptions): Promise<void> {
  try {
    await client.workflow.start("sampleBatch", options);
  } catch (error) {
    if (!isUnknownAttribute(error)) throw error;
    await client.workflow.start("sampleBatch", withoutAttributes(options));
  }
}

/** The same start on a server that does not know our search attributes. */
export function withoutAttributes<O extends WorkflowStartOptions>(options: O): O {
  const rest = { ...options };
  delete rest.typedSearchAttributes;
  return rest;
}

/** Whether a server refuses a start because it does not know our search attributes. */
export function isUnknownAttribute(error: unknown): boolean {
  const { cause } = error as { cause?: { details?: string } };
  return /search attribute/i.test(cause?.details ?? "");
}

async function runningSpec(session: Session, batch: string): Promise<string | undefined> {
  const id = workflowIds.batch(batch);
  const status = await query<BatchStatus>(session, id, "progress");
  if (status?.spec !== undefined) return status.spec;
  const { memo } = await session.client.workflow.getHandle(id).describe();
  return memo?.["spec"] as string | undefined;
}

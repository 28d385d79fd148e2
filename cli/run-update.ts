import type { WorkflowUpdateFailedError } from "@temporalio/client";
import type { Session } from "./connect.ts";
import { CommandEnd, EXIT } from "./exit.ts";

/**
 * Send an update to a running workflow and wait for its answer; ends the command with exit code 2
 * where nothing runs under that id (`idle` says so) or the workflow refuses.
 */
export async function runUpdate<T>(
  { client }: Session,
  workflowId: string,
  update: { readonly name: string; readonly args?: unknown[]; readonly idle: string },
): Promise<T> {
  const { WorkflowNotFoundError } = await import("@temporalio/client");
  const handle = client.workflow.getHandle(workflowId);
  try {
    return await refusing(() =>
      handle.executeUpdate<T, [unknown]>(update.name, { args: (update.args ?? []) as [unknown] }),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) {
      throw new CommandEnd(EXIT.usage, update.idle, { cause: error });
    }
    throw error;
  }
}

/** Turn a workflow's refusal of an update into exit code 2 and its reason. */
export async function refusing<T>(send: () => Promise<T>): Promise<T> {
  const { WorkflowUpdateFailedError } = await import("@temporalio/client");
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    throw new CommandEnd(EXIT.usage, refusal(error), { cause: error });
  }
}

function refusal(error: WorkflowUpdateFailedError): string {
  return error.cause?.message ?? error.message;
}

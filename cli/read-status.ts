import { findDocument } from "../activities/stage/documents.ts";
import { compile } from "../activities/validate.ts";
import { keys, workflowIds } from "../schemas/names.ts";
import { batchStatus, type BatchStatus } from "../schemas/result.ts";
import { CommandEnd, EXIT } from "./exit.ts";
import type { Session } from "./connect.ts";

const parse = compile<BatchStatus>(batchStatus);

/** A batch as far as anybody knows. */
export interface FoundBatch {
  readonly status: BatchStatus;
  /** A workflow is working on it. */
  readonly open: boolean;
  /** Open, but its workers do not answer: the status is the last that was stored, or empty. */
  readonly silent: boolean;
}

/** How long a query may wait for a worker before the batch counts as silent. */
const QUERY_MS = 5000;

/**
 * How a batch stands: from its workflow while it runs, else from the store, which remembers longer
 * than Temporal does. Ends the command with exit code 2 when neither knows it.
 */
export async function readStatus(session: Session, batch: string): Promise<FoundBatch> {
  const state = await runState(session, workflowIds.batch(batch));
  if (state === "running") {
    const status = await query<BatchStatus>(session, workflowIds.batch(batch), "progress");
    if (status !== undefined) return { status, open: true, silent: false };
    // What an earlier run left says nothing of this one; what this one left before it continued
    // in a new history does.
    const stored = await storedStatus(session, batch);
    const last =
      stored?.outcome === "running" ? stored : { batch, outcome: "running" as const, scans: [] };
    return { status: last, open: true, silent: true };
  }
  const stored = await storedStatus(session, batch);
  if (stored !== undefined && stored.outcome !== "running") {
    return { status: stored, open: false, silent: false };
  }
  if (stored === undefined && state === "unknown") {
    throw new CommandEnd(
      EXIT.usage,
      `There is no batch "${batch}"; \`microtome status\` lists them`,
    );
  }
  // Terminated, or timed out: nobody could write down how it ended.
  const outcome = state === "cancelled" ? ("cancelled" as const) : ("failed" as const);
  const note = `Its workflow ended (${state}) without a result; submit it again, what is whole is reused`;
  const scans = stored?.scans ?? [];
  return { status: { ...stored, batch, outcome, note, scans }, open: false, silent: false };
}

/** What the last run of a batch left in the store. */
export async function storedStatus(
  { store }: Pick<Session, "store">,
  batch: string,
): Promise<BatchStatus | undefined> {
  const found = await findDocument<unknown>(store, keys.batchResult(batch));
  return found === undefined ? undefined : parse(found);
}

/** Temporal's word for the newest run of a workflow, in lower case; `unknown` when it knows none. */
export async function runState({ client }: Session, workflowId: string): Promise<string> {
  const { WorkflowNotFoundError } = await import("@temporalio/client");
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name.toLowerCase();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return "unknown";
    throw error;
  }
}

/** Ask a workflow; undefined when it, or a worker for it, does not answer in time. */
export async function query<T>(
  { client }: Session,
  workflowId: string,
  name: string,
): Promise<T | undefined> {
  try {
    return await client.withDeadline(Date.now() + QUERY_MS, () =>
      client.workflow.getHandle(workflowId).query<T>(name),
    );
  } catch {
    return undefined;
  }
}

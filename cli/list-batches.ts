import { OUTCOMES, type BatchOutcome, type BatchStatus } from "../schemas/result.ts";
import { workflowIds } from "../schemas/names.ts";
import type { Session } from "./connect.ts";
import { query, storedStatus } from "./read-status.ts";

/** A batch in the list of all. */
export interface BatchSummary {
  readonly batch: string;
  readonly outcome: BatchOutcome;
  readonly scans: number;
  /** How many scans ended how. */
  readonly outcomes: Readonly<Partial<Record<(typeof OUTCOMES)[number], number>>>;
  readonly note?: string;
}

const RESULT = /^batches\/([^/]+)\/result\.json$/;
const RUNNING = `WorkflowType="sampleBatch" AND ExecutionStatus="Running"`;

/** Every batch that runs or has left a result, by name. */
export async function listBatches(session: Session): Promise<BatchSummary[]> {
  const found = new Map<string, BatchSummary>();
  for await (const { key } of session.store.list("batches/")) {
    const batch = RESULT.exec(key)?.[1];
    if (batch === undefined) continue;
    const status = await storedStatus(session, batch);
    if (status !== undefined) found.set(batch, toSummary(status));
  }
  const prefix = workflowIds.batch("");
  for await (const { workflowId } of session.client.workflow.list({ query: RUNNING })) {
    if (!workflowId.startsWith(prefix)) continue;
    const batch = workflowId.slice(prefix.length);
    const status = await query<BatchStatus>(session, workflowId, "progress");
    found.set(batch, toSummary(status ?? { batch, outcome: "running", scans: [] }));
  }
  return [...found.values()].sort((a, b) => (a.batch < b.batch ? -1 : 1));
}

function toSummary({ batch, outcome, scans, note }: BatchStatus): BatchSummary {
  const counts = OUTCOMES.map((word) => [
    word,
    scans.filter((scan) => scan.outcome === word).length,
  ]).filter(([, count]) => count !== 0);
  return {
    batch,
    outcome,
    scans: scans.length,
    outcomes: Object.fromEntries(counts) as BatchSummary["outcomes"],
    ...(note === undefined ? {} : { note }),
  };
}

import { setTimeout as sleep } from "node:timers/promises";
import type { BatchStatus } from "../schemas/result.ts";
import type { Session } from "./connect.ts";
import { explainExit, EXIT } from "./exit.ts";
import { type LiveProgress, NOTHING_LIVE } from "./live-progress.ts";
import { readLive } from "./read-live.ts";
import { type FoundBatch, readStatus } from "./read-status.ts";

export interface BatchView {
  readonly status: BatchStatus;
  readonly live: LiveProgress;
  /** False in the last view: the batch has settled and its report is written. */
  readonly open: boolean;
  /** Something that keeps the view from being current, in words. */
  readonly trouble?: string;
}

const EVERY_MS = 1000;
/** A server that restarts is waited for; one that stays away ends the watching, not the batch. */
const PATIENCE_MS = 60_000;

/** Look at a batch about once a second until it has settled; throws the signal's reason when aborted. */
export async function* watchBatch(
  session: Session,
  batch: string,
  signal: AbortSignal,
): AsyncGenerator<BatchView, void, void> {
  let last: FoundBatch | undefined;
  let awaySince: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    try {
      const found = await readStatus(session, batch);
      awaySince = undefined;
      last = found;
      const live =
        found.open && !found.silent ? await readLive(session, found.status) : NOTHING_LIVE;
      const trouble =
        "No worker answers for this batch; is one running? (`microtome up` starts them)";
      yield { ...found, live, ...(found.silent ? { trouble } : {}) };
      if (!found.open) return;
    } catch (error) {
      const { code, message } = explainExit(error);
      awaySince ??= Date.now();
      const patient = last !== undefined && Date.now() - awaySince < PATIENCE_MS;
      if (code !== EXIT.unreachable || !patient) throw error;
      yield { status: last!.status, live: NOTHING_LIVE, open: true, trouble: message };
    }
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

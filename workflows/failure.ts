import { ApplicationFailure, TemporalFailure, TimeoutFailure } from "@temporalio/workflow";
import type { Failure } from "../schemas/result.ts";

/** What went wrong at the bottom of a chain of Temporal failures, as the batch's result shows it. */
export function toFailure(error: unknown): Failure {
  const root = rootCause(error);
  if (root instanceof ApplicationFailure) {
    return {
      type: root.type ?? "Error",
      message: root.message,
      retryable: root.nonRetryable !== true,
    };
  }
  if (root instanceof TimeoutFailure) {
    return {
      type: "Timeout",
      message: `No worker finished it in time (${root.timeoutType}): is a worker running for its queue?`,
      retryable: true,
    };
  }
  return {
    type: root instanceof Error ? root.name : "Error",
    message: root instanceof Error ? root.message : String(root),
    retryable: true,
  };
}

function rootCause(error: unknown): unknown {
  let root = error;
  while (root instanceof TemporalFailure && root.cause instanceof Error) root = root.cause;
  return root;
}

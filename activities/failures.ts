import { ApplicationFailure, CancelledFailure } from "@temporalio/activity";
import type { ActivityInboundCallsInterceptor } from "@temporalio/worker";
import { type AnyDomainError, type ErrorName, isDomainError } from "../domain/errors.ts";

/** Whether trying the same thing again could end otherwise. Exhaustive on purpose. */
export const RETRYABLE = {
  InvalidInput: false,
  NotFound: false,
  CorruptData: false,
  UnsupportedFormat: false,
  Diverged: false,
  IncompatibleCheckpoint: false,
  StoreDenied: false,
  Capacity: true,
  StoreUnavailable: true,
  EngineCrashed: true,
  WorkerShutdown: true,
} as const satisfies Record<ErrorName, boolean>;

/** Longer messages would bloat histories; the log has the rest. */
const MAX_MESSAGE = 2000;

/** Give a domain error the one shape that survives the trip to a workflow. */
export function toFailure(error: AnyDomainError): ApplicationFailure {
  const retryable = RETRYABLE[error.name];
  return ApplicationFailure.create({
    type: error.name,
    message: error.message.slice(0, MAX_MESSAGE),
    nonRetryable: !retryable,
    // Another worker should take over at once, not after a back-off.
    ...(error.name === "WorkerShutdown" ? { nextRetryDelay: "1 second" } : {}),
  });
}

/** Applied to every activity by `worker.ts`, so that no activity catches in order to translate. */
export const failures: ActivityInboundCallsInterceptor = {
  async execute(input, next) {
    try {
      return await next(input);
    } catch (error) {
      if (error instanceof CancelledFailure) throw error;
      throw isDomainError(error) ? toFailure(error) : error;
    }
  },
};

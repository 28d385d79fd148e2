import { proxyActivities } from "@temporalio/workflow";
import type { Activities } from "../activities/index.ts";
import { QUEUES } from "../schemas/names.ts";

/** An attempt that has not been heard of for this long is taken for dead. */
const HEARTBEAT_TIMEOUT = "30 seconds";

/**
 * Errors that trying again cannot mend never come back (`activities/failures.ts`); for the others a
 * store that is away for some minutes is waited for, and a crash is tried again a few times.
 */
const retry = {
  initialInterval: "1 second",
  backoffCoefficient: 2,
  maximumInterval: "1 minute",
  maximumAttempts: 6,
} as const;

/** Small reads and writes of the store: seconds. */
export const quick = proxyActivities<Activities>({
  taskQueue: QUEUES.cpu,
  startToCloseTimeout: "2 minutes",
  retry: { ...retry, maximumAttempts: 10 },
});

/** Hours of reading, writing and arithmetic beside the store. */
export const transfer = proxyActivities<Activities>({
  taskQueue: QUEUES.cpu,
  startToCloseTimeout: "24 hours",
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry,
});

/** Learning and inference: one at a time per accelerator. */
export const compute = proxyActivities<Activities>({
  taskQueue: QUEUES.gpu,
  startToCloseTimeout: "24 hours",
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry,
});

import type { RetryRequest, SampleBatchInput } from "../workflows/messages.ts";
import type { Session } from "./connect.ts";
import { refusing } from "./run-update.ts";
import { isUnknownAttribute, startOptions, withoutAttributes } from "./start-batch.ts";

export interface RetryOfBatch {
  readonly batch: string;
  /** Store key of the specification to run with. */
  readonly spec: string;
  /** Whether that is another one than the batch last ran with. */
  readonly changed: boolean;
  readonly only: readonly string[] | undefined;
}

/**
 * Ask a batch to run scans again: the running workflow where there is one, else a new run that
 * begins where the stored result ends. Answers with the scans; exit code 2 when there are none.
 */
export async function retryBatch(
  session: Session,
  request: RetryOfBatch,
): Promise<readonly string[]> {
  const { WithStartWorkflowOperation } = await import("@temporalio/client");
  const { batch, spec, only, changed } = request;
  const input: SampleBatchInput = { batch, spec, resume: true };
  const options = await startOptions(input, `${batch}: retry`);
  const update: RetryRequest = {
    ...(only === undefined ? {} : { only }),
    ...(changed ? { spec } : {}),
  };
  const send = (start: typeof options) =>
    session.client.workflow.executeUpdateWithStart<
      () => Promise<unknown>,
      readonly string[],
      [RetryRequest]
    >("retry", {
      args: [update],
      startWorkflowOperation: new WithStartWorkflowOperation("sampleBatch", {
        ...start,
        workflowIdConflictPolicy: "USE_EXISTING",
      }),
    });
  return refusing(async () => {
    try {
      return await send(options);
    } catch (error) {
      if (!isUnknownAttribute(error)) throw error;
      return send(withoutAttributes(options));
    }
  });
}

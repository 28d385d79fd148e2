import { WorkflowNotFoundError, type Client } from "@temporalio/client";
import { describe, expect, test } from "vitest";
import { toJson } from "../../activities/stage/manifests.ts";
import { createMemoryStore } from "../../activities/stores/memory-store.ts";
import type { Session } from "../../cli/connect.ts";
import { readStatus } from "../../cli/read-status.ts";
import { keys } from "../../schemas/names.ts";
import type { BatchStatus } from "../../schemas/result.ts";

const live: BatchStatus = { batch: "b", outcome: "running", scans: [{ scan: "A", state: "preparing" }] }; // prettier-ignore
const done: BatchStatus = { batch: "b", outcome: "completed", scans: [{ scan: "A", state: "settled", outcome: "cropped" }] }; // prettier-ignore

/** A session whose Temporal knows one run (or none) that answers (or not), over a store with one result. */
async function session(run: {
  readonly state?: string;
  readonly answer?: BatchStatus;
  readonly stored?: BatchStatus;
}): Promise<Session> {
  const store = createMemoryStore();
  if (run.stored !== undefined) await store.put(keys.batchResult("b"), toJson(run.stored));
  const handle = {
    async describe() {
      if (run.state === undefined) throw new WorkflowNotFoundError("none", "batch/b", undefined);
      return { status: { name: run.state } };
    },
    async query() {
      if (run.answer === undefined) throw new Error("no poller");
      return run.answer;
    },
  };
  const client = {
    workflow: { getHandle: () => handle },
    withDeadline: <T>(_deadline: number, call: () => Promise<T>) => call(),
  };
  return { store, client: client as unknown as Client } as unknown as Session;
}

describe("how a batch stands", () => {
  test("is asked of its workflow while that runs, whatever an earlier run left", async () => {
    const found = readStatus(await session({ state: "RUNNING", answer: live, stored: done }), "b");
    await expect(found).resolves.toEqual({ status: live, open: true, silent: false });
  });

  test("is read from the store once it is closed, or forgotten by Temporal", async () => {
    for (const state of ["COMPLETED", "CANCELLED", undefined]) {
      const run = state === undefined ? { stored: done } : { state, stored: done };
      const found = readStatus(await session(run), "b");
      await expect(found).resolves.toEqual({ status: done, open: false, silent: false });
    }
  });

  test("is not taken from an earlier run where no worker answers for this one", async () => {
    const found = await readStatus(await session({ state: "RUNNING", stored: done }), "b");
    expect(found).toEqual({
      status: { batch: "b", outcome: "running", scans: [] },
      open: true,
      silent: true,
    });
    const continued = await readStatus(await session({ state: "RUNNING", stored: live }), "b");
    expect(continued).toMatchObject({ status: live, silent: true });
  });

  test("is failed where the workflow ended and left nothing, and says so", async () => {
    const found = await readStatus(await session({ state: "TERMINATED" }), "b");
    expect(found.status).toMatchObject({
      outcome: "failed",
      note: expect.stringContaining("terminated") as string,
    });
  });

  test("is a usage error where nobody knows the batch", async () => {
    await expect(readStatus(await session({}), "b")).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('no batch "b"') as string,
    });
  });
});

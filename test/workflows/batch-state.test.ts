import { describe, expect, test } from "vitest";
import {
  batchOutcome,
  begin,
  cancel,
  createBatchState,
  fail,
  restart,
  retryable,
  settleAnalysed,
  toStatus,
} from "../../workflows/batch-state.ts";
import type { ReconcileResult } from "../../schemas/stages.ts";

const plan = (...scans: string[]) => ({
  scans: scans.map((scan) => ({ scan, withLabels: false })),
});
const failure = { type: "CorruptData", message: "bad", retryable: false };
const decision: ReconcileResult = {
  outcome: "kept-whole",
  confidence: 0.1,
  reasons: ["no contrast"],
  touchesBorder: false,
  candidates: {},
};

/** Settle a scan as kept whole. */
const keep = (state: ReturnType<typeof createBatchState>, scan: string) =>
  settleAnalysed(state, scan, { ok: true, stages: {}, value: { decision } });

describe("the outcome of a batch", () => {
  test.each([
    ["running while a scan waits", ["A"], [], "running"],
    ["completed when all are cropped or kept whole", ["A", "B"], [], "completed"],
    ["partial when some failed", ["A"], ["B"], "partial"],
    ["failed when all failed", [], ["A", "B"], "failed"],
  ])("is %s", (_name, kept, failed, expected) => {
    const state = createBatchState(plan("A", "B"));
    kept.forEach((scan) => keep(state, scan));
    failed.forEach((scan) => fail(state, scan, "ingest", failure));
    expect(batchOutcome(state)).toBe(expected);
  });

  test("is cancelled when every scan was", () => {
    const state = createBatchState(plan("A"));
    cancel(state, "A");
    expect(batchOutcome(state)).toBe("cancelled");
  });
});

describe("a retry", () => {
  test("concerns failed and cancelled scans alone, or those of them that are named", () => {
    const state = createBatchState(plan("A", "B", "C"));
    keep(state, "A");
    fail(state, "B", "crop", failure);
    cancel(state, "C");
    expect(retryable(state, undefined)).toEqual(["B", "C"]);
    expect(retryable(state, ["A", "C"])).toEqual(["C"]);
  });

  test("forgets the failure and keeps the order of scans", () => {
    const state = createBatchState(plan("A", "B"));
    fail(state, "A", "crop", failure);
    keep(state, "B");
    restart(state, ["A"]);
    const status = toStatus(state, { batch: "b", spec: "s", paused: false });
    expect(status.scans[0]).toEqual({ scan: "A", state: "waiting" });
    expect(status.scans[1]?.outcome).toBe("kept-whole");
    expect(status.outcome).toBe("running");
  });
});

test("an earlier run's settled scans stay settled, and new ones wait", () => {
  const before = createBatchState(plan("A"));
  keep(before, "A");
  const earlier = toStatus(before, { batch: "b", spec: "s", paused: false });
  const state = createBatchState({ ...plan("A", "B"), earlier });
  expect(state.scans.get("A")?.outcome).toBe("kept-whole");
  expect(state.scans.get("B")).toEqual({ scan: "B", state: "waiting" });
  begin(state, "B", "preparing");
  expect(state.scans.get("B")).toMatchObject({ state: "preparing", stage: "ingest" });
});

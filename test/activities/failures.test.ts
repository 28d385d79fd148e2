import { ApplicationFailure, CancelledFailure } from "@temporalio/activity";
import { describe, expect, it } from "vitest";
import * as errors from "../../domain/errors.ts";
import { RETRYABLE } from "../../activities/failures.ts";
import { asActivity } from "./stage/fake-stage.ts";

const LASTING = [
  "InvalidInput",
  "NotFound",
  "CorruptData",
  "UnsupportedFormat",
  "Diverged",
  "IncompatibleCheckpoint",
  "StoreDenied",
] as const;
const PASSING = ["Capacity", "StoreUnavailable", "EngineCrashed", "WorkerShutdown"] as const;

async function failureOf(error: unknown): Promise<unknown> {
  return asActivity(() => Promise.reject(error as Error)).then(
    () => undefined,
    (failure: unknown) => failure,
  );
}

describe("a domain error becomes a failure of its own type", () => {
  it.each(LASTING)("that is final: %s", async (name) => {
    const failure = await failureOf(new errors[name]("A01: why"));
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: name, message: "A01: why", nonRetryable: true });
  });

  it.each(PASSING)("that may pass: %s", async (name) => {
    const failure = await failureOf(new errors[name]("A01: why"));
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: name, message: "A01: why", nonRetryable: false });
  });

  it("and no class is left out", () => {
    const classes = Object.keys(errors).filter(
      (name) => errors.domainError(name, "") !== undefined,
    );
    expect([...LASTING, ...PASSING].sort()).toEqual(classes.sort());
    expect(Object.keys(RETRYABLE).sort()).toEqual(classes.sort());
  });
});

it("hands a stopped worker's activity on at once", async () => {
  expect(await failureOf(new errors.WorkerShutdown("SIGTERM"))).toMatchObject({
    nextRetryDelay: "1 second",
  });
  expect(await failureOf(new errors.EngineCrashed("killed"))).not.toMatchObject({
    nextRetryDelay: "1 second",
  });
});

it("keeps messages short enough for a history", async () => {
  const failure = (await failureOf(new errors.CorruptData("x".repeat(1e6)))) as Error;
  expect(failure.message).toHaveLength(2000);
});

it("leaves cancellations and bugs as they are", async () => {
  const cancelled = new CancelledFailure("CANCELLED");
  expect(await failureOf(cancelled)).toBe(cancelled);
  const bug = new TypeError("undefined is not a function");
  expect(await failureOf(bug)).toBe(bug);
});

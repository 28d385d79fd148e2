import { expect, test } from "vitest";
import { CommandEnd, EXIT, explainExit } from "../../cli/exit.ts";
import {
  CorruptData,
  InvalidInput,
  NotFound,
  StoreDenied,
  StoreUnavailable,
} from "../../domain/errors.ts";

const grpc = (code: number) =>
  new Error("Failed to start Workflow", {
    cause: Object.assign(new Error("14"), { code, details: "connection refused" }),
  });

test.each([
  [new CommandEnd(EXIT.interrupted, "stopped"), 130],
  [new InvalidInput("bad"), 2],
  [new NotFound("gone"), 2],
  [new StoreUnavailable("away"), 3],
  [new StoreDenied("no"), 3],
  [new CorruptData("torn"), 1],
  [grpc(14), 3],
  [grpc(16), 3],
  [grpc(3), 1],
  [new TypeError("a bug"), 1],
  ["a string", 1],
])("%s exits with %i", (error, code) => {
  expect(explainExit(error).code).toBe(code);
});

test("an error that nobody expected shows where it comes from", () => {
  expect(explainExit(new TypeError("a bug")).message).toMatch(/a bug[\s\S]*exit\.test/);
});

import { describe, expect, it } from "vitest";
import * as errors from "../../domain/errors.ts";

const NAMES = [
  "InvalidInput",
  "NotFound",
  "CorruptData",
  "UnsupportedFormat",
  "Diverged",
  "IncompatibleCheckpoint",
  "Capacity",
  "StoreUnavailable",
  "StoreDenied",
  "EngineCrashed",
  "WorkerShutdown",
] as const;

describe.each(NAMES)("%s", (name) => {
  it("survives the trip across a process boundary as its name and message", () => {
    const thrown = new errors[name]("scan A01: 3 of 4");
    expect(thrown).toBeInstanceOf(Error);
    expect(errors.isDomainError(thrown)).toBe(true);
    const rebuilt = errors.domainError(thrown.name, thrown.message);
    expect(rebuilt).toBeInstanceOf(errors[name]);
    expect(rebuilt?.message).toBe("scan A01: 3 of 4");
    expect(String(rebuilt)).toBe(`${name}: scan A01: 3 of 4`);
  });
});

it("is a closed set: every class that is exported is in the list above", () => {
  const classes = Object.values(errors).filter((value) => value.prototype instanceof Error);
  expect(classes.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
});

it.each(["Error", "TypeError", "constructor", "__proto__", "toString", "", "invalidinput"])(
  "does not take %j for a domain error",
  (name) => {
    expect(errors.domainError(name, "x")).toBeUndefined();
    expect(errors.isDomainError(Object.assign(new Error("x"), { name }))).toBe(false);
  },
);

it("keeps its cause", () => {
  const cause = new RangeError("inner");
  expect(new errors.CorruptData("outer", { cause }).cause).toBe(cause);
});

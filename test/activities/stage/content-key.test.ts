import { describe, expect, test } from "vitest";
import { canonicalJson, contentKey, sha256 } from "../../../activities/stage/content-key.ts";

const parts = {
  stage: "localize" as const,
  version: 1,
  parameters: { axis: 0, stride: 4 },
  inputs: { view: "a", encoder: "b" },
};

describe("a content key", () => {
  test("does not depend on the order in which its parts are spelled", () => {
    const reordered = {
      inputs: { encoder: "b", view: "a" },
      parameters: { stride: 4, axis: 0 },
      version: 1,
      stage: "localize" as const,
    };
    expect(contentKey(reordered)).toBe(contentKey(parts));
  });

  test.each([
    ["stage", { ...parts, stage: "crop" as const }],
    ["version", { ...parts, version: 2 }],
    ["a parameter", { ...parts, parameters: { axis: 1, stride: 4 } }],
    ["an input", { ...parts, inputs: { view: "a", encoder: "c" } }],
  ])("changes with %s", (_what, changed) => {
    expect(contentKey(changed)).not.toBe(contentKey(parts));
  });

  test("is the sha256 of the canonical text", () => {
    // echo -n '{"inputs":…}' | sha256sum
    expect(sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(canonicalJson(parts)).toBe(
      '{"inputs":{"encoder":"b","view":"a"},"parameters":{"axis":0,"stride":4},"stage":"localize","version":1}',
    );
  });

  test("leaves undefined members out and refuses what JSON cannot hold", () => {
    expect(canonicalJson({ a: undefined, b: [1, "x", null] })).toBe('{"b":[1,"x",null]}');
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(TypeError);
  });
});

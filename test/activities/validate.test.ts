import { describe, expect, it } from "vitest";
import { compile } from "../../activities/validate.ts";
import { InvalidInput } from "../../domain/errors.ts";
import { batchSpec, type BatchSpec } from "../../schemas/batch.ts";

const parse = compile<BatchSpec>(batchSpec);
const problems = (value: unknown): string[] => {
  try {
    parse(value);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    return (error as Error).message.split("\n").slice(1);
  }
};

describe("a value that is not valid", () => {
  it("is told in every place what is there and what was expected", () => {
    const value = {
      batch: "b/c",
      scans: [{ source: "x", voxelSizeUm: [1, "five", 1] }],
      pretrain: { steps: 0, encoder: "vgg" },
      localise: {},
    };
    expect(problems(value).sort()).toEqual([
      '/batch: got "b/c", expected 1 to 100 of A-Z a-z 0-9 . _ -, not starting with a dot.',
      "/localise: unknown field, expected one of batch, collection, scans, downscale, container, pretrain, localize, crop, segment, retention",
      '/pretrain/encoder: got "vgg", expected one of "window-net", "resnet18", "resnet34", "resnet50", "resnet152"',
      "/pretrain/steps: got 0, expected a whole number ≥ 1 and ≤ 10000000",
      '/scans/0/voxelSizeUm/1: got "five", expected a number > 0',
    ]);
  });

  it("is told what is missing", () => {
    expect(problems({ batch: "b" })).toEqual([
      "/scans: missing, expected a list of 1 or more, at most 5000, each an object",
    ]);
  });

  it("is told both choices where there are two, in one line", () => {
    expect(
      problems({ batch: "b", scans: [{ source: "x" }], localize: { margin: "wide" } }),
    ).toEqual(['/localize/margin: got "wide", expected a number ≥ 0 and ≤ 0.5 or "conformal"']);
  });

  it.each([undefined, null, 3, "text", [[]]])("need not be an object: %j", (value) => {
    expect(problems(value)).toHaveLength(1);
  });
});

it("fills defaults in and gives the value back", () => {
  const value = { batch: "b", scans: [{ source: "x" }] };
  const parsed = parse(value);
  expect(parsed).toBe(value);
  expect(parsed.pretrain?.steps).toBe(1200);
});

it("compiles a schema once, however often it is asked for", () => {
  const again = compile<BatchSpec>(batchSpec);
  expect(() => again({})).toThrow("batch is not valid");
});

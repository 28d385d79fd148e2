import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { explainErrors } from "../../activities/explain-errors.ts";
import { batchSpec } from "../../schemas/batch.ts";

const options = { allErrors: true, strict: true, allowUnionTypes: true } as const;

function explain(value: unknown, { verbose = true } = {}): string[] {
  const validate = new Ajv({ ...options, verbose }).compile(batchSpec);
  validate(value);
  return explainErrors(validate.errors ?? [], value);
}

const scan = { source: "a" };

test.each<[unknown, string[]]>([
  [
    { batch: "b", scans: [{ source: "a", voxelSizeUm: [1, "five", 2] }] },
    ['/scans/0/voxelSizeUm/1: got "five", expected a number > 0'],
  ],
  [{ batch: "b", scans: [{}] }, ["/scans/0/source: missing, expected text that is not empty"]],
  [
    { batch: "b", scans: [scan], localize: { margin: "wide" } },
    ['/localize/margin: got "wide", expected a number ≥ 0 and ≤ 0.5 or "conformal"'],
  ],
  [
    { batch: "b", scans: [scan], pretrain: { pretext: "jigsaw" } },
    ['/pretrain/pretext: got "jigsaw", expected one of "rotation", "sorting", "simclr", "mocov3"'],
  ],
  [
    { batch: "b", scans: [scan], crop: { fomat: 1 } },
    ["/crop/fomat: unknown field, expected one of format, uniform"],
  ],
  [
    { batch: "b", scans: [{ ...scan, raw: { shape: [1, 2], dtype: "uint8" } }] },
    ["/scans/0/raw/shape: got [1,2], expected a list of 3, each a whole number ≥ 1"],
  ],
  [
    { batch: "b", scans: [scan], "a/b~c": 1 },
    [
      "/a~1b~0c: unknown field, expected one of batch, collection, scans, downscale, container, pretrain, localize, crop, segment, retention",
    ],
  ],
  [3, ["/: got 3, expected an object"]],
])("%j is explained line by line", (value, lines) => {
  expect(explain(value)).toEqual(lines);
});

test("every error has its line, and a long value does not drown it", () => {
  const lines = explain({
    batch: "x".repeat(500),
    scans: [{ source: "" }, { id: "..", source: "a" }],
  });
  expect(lines.map((line) => line.split(":")[0])).toEqual([
    "/batch",
    "/scans/0/source",
    "/scans/1/id",
  ]);
  expect(lines[0]!.length).toBeLessThan(250);
});

test("without ajv's verbose mode it still says where, what and which rule", () => {
  expect(
    explain({ batch: "b", scans: [{ source: "a", voxelSizeUm: [1, 0, 2] }] }, { verbose: false }),
  ).toEqual(["/scans/0/voxelSizeUm/1: got 0, must be > 0"]);
});

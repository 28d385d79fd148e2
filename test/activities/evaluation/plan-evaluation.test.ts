import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { planEvaluation } from "../../../activities/evaluation/plan-evaluation.ts";
import { temporaryFolder } from "../../support/temporary.ts";

let data: string;
beforeEach(async () => {
  data = await temporaryFolder();
  for (const id of ["a", "b", "c", "d", "e", "f"]) await writeFile(join(data, `${id}.nii`), "");
});

const plan = (options: Partial<Parameters<typeof planEvaluation>[0]> = {}) =>
  planEvaluation({ data, size: 128, bin: 1, container: "none", seed: 1, ...options });

test("a quarter of the scans is held out, rounded, and nothing is turned over unasked", async () => {
  const { open, splits } = await plan();
  expect(splits).toHaveLength(1);
  expect(splits[0]!.validation).toHaveLength(2);
  expect(splits[0]!.training).toHaveLength(4);
  expect(open.scans.every(({ reversed, direction }) => !reversed && direction === 1)).toBe(true);
});

test("half of the scans are turned over on top of those that are by hand", async () => {
  const { open } = await plan({ flip: ["b", "e"], flipHalf: true });
  const turned = open.scans.filter(({ direction, reversed }) => (direction === -1) !== reversed);
  expect(turned).toHaveLength(3);
  const said = open.scans.filter(({ direction }) => direction === -1);
  expect(said.map(({ scan }) => scan)).toEqual(["b", "e"]);
});

test("a known box goes with its scan only", async () => {
  const truth = join(data, "truth.json");
  const box = [[0, 1], [0, 2], [1, 3]]; // prettier-ignore
  await writeFile(truth, JSON.stringify({ "c.nii": { shape_zyx: [4, 4, 4], box_zyx: box } }));
  const { open } = await plan({ truth });
  const known = open.scans.filter((scan) => scan.truth !== undefined);
  expect(known.map(({ scan }) => scan)).toEqual(["c"]);
  expect(known[0]!.truth!.box).toEqual(box);
});

test.each([
  [{ flip: ["x"] }, 'There is no scan "x"; there are: a, b, c, d, e, f'],
  [{ only: ["a"] }, "got 0 and 1 of 1 scans"],
  [{ flip: ["a"], align: "some.json" }, "by name or as a file, got both"],
  [{ truth: "/none.json" }, "Cannot read the truth file"],
])("%j is an error", async (options, message) => {
  await expect(plan(options)).rejects.toThrow(message);
});

test("a truth file that knows none of the scans is an error, not a table without it", async () => {
  const truth = join(data, "truth.json");
  await writeFile(truth, '{"z": {"shape_zyx": [4, 4, 4], "box_zyx": [[0, 1], [0, 1], [0, 1]]}}');
  await expect(plan({ truth })).rejects.toThrow(/knows none of the scans .*, but z/);
});

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RotationSplitResult } from "../../activities/evaluation/rotation-result.ts";
import type { SortingSplitResult } from "../../activities/evaluation/sorting-result.ts";
import { documentOf, microtome } from "../support/cli.ts";
import { writeConeScans } from "../support/cone-scans.ts";
import { temporaryFolder } from "../support/temporary.ts";

async function scans(): Promise<string> {
  const dir = await temporaryFolder();
  await writeConeScans(dir, [{ id: "a" }, { id: "b", turned: true }, { id: "c" }]);
  return dir;
}

const SMALL = ["--size", "32", "--image-size", "16", "--width", "2", "--container", "none"];

test("`evaluate sorting` trains, prints a table, and does not train again what it has", async () => {
  const dir = await scans();
  const args = [
    ...["evaluate", "sorting", "--data", ".", "--flip", "b", "--flip-half", "--flip-invariant"],
    ...["--split", "2/1", "--slices", "8", "--steps", "16", "--truth", "truth.json", ...SMALL],
  ];
  const first = await microtome(dir, args);
  expect(first.code, first.stderr).toBe(0);
  expect(first.stdout).toMatch(/trained on 2 scans, held out \S+\n16 steps in/);
  expect(first.stdout).toMatch(/random 2\.63 · trivial orderings, held out: area \d/);
  expect(first.stdout).toMatch(/directions: [23] of 3 as they are said to be/);
  const out = join(dir, "evaluation", "sorting");
  expect(await readFile(join(out, "curves.svg"), "utf8")).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
  const table = (await readFile(join(out, "table.md"), "utf8")).trim().split("\n");
  expect(new Set(table.map((line) => line.split("|").length))).toEqual(new Set([15]));

  const second = await microtome(dir, [...args, "--json"]);
  const { splits } = documentOf<{ splits: SortingSplitResult[] }>(second);
  const [split] = splits;
  expect(split!.curve).toHaveLength(16);
  const kept = JSON.parse(await readFile(join(out, "split-1.json"), "utf8")) as SortingSplitResult;
  expect(split!.curve).toEqual(kept.curve);
  expect(second.stderr).not.toContain("step 16 of 16");
}, 90_000);

test("`evaluate rotation` measures whole slices too, in one JSON document", async () => {
  const dir = await scans();
  const answer = await microtome(dir, [
    ...["evaluate", "rotation", "--data", ".", "--view", "slices", "--steps", "6", "--json"],
    ...["--batch-size", "8", "--encoder", "resnet18", "--out", "turned", ...SMALL],
  ]);
  expect(answer.code, answer.stderr).toBe(0);
  const { splits } = documentOf<{ splits: RotationSplitResult[] }>(answer);
  expect(splits).toHaveLength(1);
  expect(splits[0]).toMatchObject({ view: "slices", steps: 6, end: "finished", plateau: false });
  expect(existsSync(join(dir, "turned", "split-1.encoder.bin"))).toBe(true);
}, 90_000);

test.each([
  [["--data", "nowhere"], /Expected a folder of scans/],
  [["--data", ".", "--split", "10-3"], /expected TRAIN\/HELD, such as 10\/3/],
  [["--data", ".", "--split", "2/1", "--validation", "a"], /cannot be used with option/],
])(
  "`evaluate sorting %j` exits with 2 and says why",
  async (args, message) => {
    const answer = await microtome(await temporaryFolder(), ["evaluate", "sorting", ...args]);
    expect(answer.stderr).toMatch(message);
    expect(answer.code).toBe(2);
  },
  60_000,
);

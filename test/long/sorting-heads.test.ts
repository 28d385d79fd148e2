import { join } from "node:path";
import { expect, test } from "vitest";
import type { SortingSplitResult } from "../../activities/evaluation/sorting-result.ts";
import { documentOf, microtome } from "../support/cli.ts";
import { sharedFile } from "../support/shared-data.ts";
import { temporaryFolder } from "../support/temporary.ts";

/** Thirteen real heads; A_J_ is a tight crop, and PWK.PhJ_ points the other way. */
const DATA = ["--data", sharedFile("mouse_heads/targets"), "--skip", "A_J_", "--split", "10/3"];
const TRUTH = ["--truth", sharedFile("mouse_heads/derived_bboxes.json")];
const FLIP = ["--flip", "PWK.PhJ_"];

/** Tables and curves stay under `MICROTOME_EVALUATION_OUT`, where that is set: docs/evaluation.md's. */
async function evaluate(
  name: string,
  args: readonly string[],
): Promise<readonly SortingSplitResult[]> {
  const folder = await temporaryFolder();
  const out = join(process.env["MICROTOME_EVALUATION_OUT"] ?? folder, name);
  const answer = await microtome(folder, [
    ...["evaluate", "sorting", ...DATA, ...TRUTH, ...FLIP, "--out", out, "--json", ...args],
  ]);
  expect(answer.code, answer.stderr).toBe(0);
  return documentOf<{ splits: SortingSplitResult[] }>(answer).splits;
}

test("slices of heads that were not trained on are sorted to .9 positions in four minutes, by the specimen", async () => {
  const splits = await evaluate("heads", ["--splits", "3", "--minutes", "4"]);
  expect(splits).toHaveLength(3);
  for (const { validated, scans, specimenOnly, directions, seconds } of splits) {
    const held = scans.filter((scan) => scan.held);
    console.log(
      `held out ${held.map(({ id, all }) => `${id} ${all.toFixed(2)}`).join(", ")}: ${validated.all.toFixed(2)}, specimen only ${specimenOnly!.toFixed(2)}, best trivial ${Math.min(...Object.values(validated.trivial!)).toFixed(2)}, ${seconds.toFixed(0)} s`,
    );
    expect(seconds).toBeLessThanOrEqual(250);
    expect(validated.all).toBeLessThanOrEqual(0.9);
    expect(Math.max(...held.map(({ all }) => all))).toBeLessThanOrEqual(1.5);
    expect(validated.trivial!.area).toBeGreaterThan(2 * validated.all);
    expect(specimenOnly!).toBeLessThanOrEqual(validated.all + 0.1);
    expect(directions.right).toBe(13);
  }
}, 3_600_000);

test("with half of the heads turned over, the order is found and every head's direction is named", async () => {
  const [split] = await evaluate("turned", ["--minutes", "4", "--flip-half", "--flip-invariant"]);
  const { validated, directions, scans } = split!;
  console.log(
    `direction-free ${validated.directionFree.toFixed(2)}, ${directions.right} of 13 directions`,
  );
  const turned = scans.filter(({ id, reversed }) => reversed !== (id === "PWK.PhJ_"));
  expect(turned).toHaveLength(6);
  expect(validated.directionFree).toBeLessThanOrEqual(1.6);
  expect(directions.right).toBe(13);
}, 1_800_000);

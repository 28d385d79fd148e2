import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RotationSplitResult } from "../../activities/evaluation/rotation-result.ts";
import { documentOf, microtome } from "../support/cli.ts";
import { makeHardScans } from "../support/hard-scans.ts";

let dir: string;

/** The thirteen heads inside simulated tubes, as the bench makes them. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "microtome-hard-"));
  await makeHardScans(resolve(dir, "hard"));
}, 900_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Tables and curves stay under `MICROTOME_EVALUATION_OUT`, where that is set: docs/evaluation.md's. */
async function evaluate(name: string, args: readonly string[]): Promise<RotationSplitResult> {
  const out = join(process.env["MICROTOME_EVALUATION_OUT"] ?? dir, name);
  const answer = await microtome(dir, [
    ...["evaluate", "rotation", "--data", "hard", "--split", "10/3", "--json"],
    ...["--out", out, ...args],
  ]);
  expect(answer.code, answer.stderr).toBe(0);
  return documentOf<{ splits: RotationSplitResult[] }>(answer).splits[0]!;
}

test("angles of windows are told on scans that were not trained on, from before step 500", async () => {
  const result = await evaluate("windows", ["--minutes", "6"]);
  const { validated, trained, leftChance, steps } = result;
  console.log(
    `accuracy ${validated.accuracy.toFixed(2)} held out, ${trained.accuracy.toFixed(2)} trained, left chance by step ${leftChance} of ${steps}`,
  );
  expect(result.scans.every(({ container }) => container.startsWith("tube"))).toBe(true);
  expect(leftChance).toBeLessThanOrEqual(500);
  expect(validated.accuracy).toBeGreaterThanOrEqual(0.55);
}, 1_200_000);

test("whole slices learn, or say that they do not", async () => {
  const result = await evaluate("slices", [
    ...["--view", "slices", "--encoder", "resnet18", "--width", "16"],
    ...["--batch-size", "32", "--minutes", "6"],
  ]);
  const { validated, leftChance, end, warnings } = result;
  console.log(
    `whole slices: accuracy ${validated.accuracy.toFixed(2)}, left chance by ${leftChance}, ${end}: ${warnings.join("; ")}`,
  );
  if (leftChance === undefined) expect(warnings.length).toBeGreaterThan(0);
  else expect(validated.accuracy).toBeGreaterThan(1 / 7);
}, 1_200_000);

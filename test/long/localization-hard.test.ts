import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LocalizationRow } from "../../activities/evaluation/localization-rows.ts";
import type { LocalizationDocument } from "../../activities/evaluation/write-localization.ts";
import { pretrainParameters } from "../../schemas/batch.ts";
import { documentOf, microtome } from "../support/cli.ts";
import { makeHardScans } from "../support/hard-scans.ts";

let dir: string;

/** Thirteen heads in tubes, and the same ones fainter, in more noise. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "microtome-localize-"));
  await makeHardScans(resolve(dir, "hard"));
  await makeHardScans(resolve(dir, "hard2"), { preset: "hard2" });
}, 900_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

/**
 * As a batch does it by default, three times. Seeds that are finished are kept under
 * `MICROTOME_EVALUATION_OUT`, where that is set: the test goes on there when it was interrupted.
 */
async function evaluate(name: "hard" | "hard2"): Promise<LocalizationDocument> {
  const out = join(process.env["MICROTOME_EVALUATION_OUT"] ?? dir, `localize-${name}`);
  const answer = await microtome(dir, [
    ...["evaluate", "localization", "--data", name, "--truth", `${name}/truth.json`, "--json"],
    ...["--seeds", "3", "--steps", `${pretrainParameters.properties.steps.default}`, "--out", out],
  ]);
  expect(answer.code, answer.stderr).toBe(0);
  const document = documentOf<LocalizationDocument>(answer);
  for (const {
    name,
    relAxis,
    lost,
    lostWithMargin,
    keptWithMargin,
    lossy,
    runs,
  } of document.rows) {
    const percent = (share = NaN) => (100 * share).toFixed(2);
    console.log(
      `${name}: ${percent(relAxis.mean)} % of the axis, lost ${percent(lost?.mean)} %, after the margin ${percent(lostWithMargin?.mean)} % (${lossy} of ${runs}), kept ${percent(keptWithMargin.mean)} %`,
    );
  }
  return document;
}

function bestLabelFree(rows: readonly LocalizationRow[]): number {
  const unlabelled = rows.filter(({ group }) => group === "label-free" || group === "learning off");
  return Math.min(...unlabelled.map(({ relAxis }) => relAxis.mean));
}

test("boxes of heads in tubes are as good as promised, and better than without learning", async () => {
  const { rows } = await evaluate("hard");
  const [learned] = rows;
  expect(learned).toMatchObject({ group: "learned", scans: 13, runs: 39 });
  // 2.18 was measured; seeds differ by 0.05.
  expect(learned!.relAxis.mean).toBeLessThanOrEqual(0.0225);
  expect(learned!.lost!.mean).toBeLessThanOrEqual(0.005);
  expect(learned!.keptWithMargin.mean).toBeLessThanOrEqual(0.22);
  expect(learned!.abstained).toBeLessThanOrEqual(3);
  expect(learned!.relAxis.mean).toBeLessThan(bestLabelFree(rows));
  // Flaps of skin that do not show in the noise stand out further than the margin: docs/evaluation.md.
  expect(learned!.lostWithMargin!.mean).toBeLessThanOrEqual(0.0002);
}, 5_400_000);

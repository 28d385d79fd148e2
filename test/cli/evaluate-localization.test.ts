import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { LocalizationDocument } from "../../activities/evaluation/write-localization.ts";
import { writePhantoms } from "../../activities/phantoms/write-phantoms.ts";
import { documentOf, microtome } from "../support/cli.ts";
import { temporaryFolder } from "../support/temporary.ts";

const SMALL = ["--width", "4", "--batch-size", "8", "--window-size", "8", "--refine-steps", "3"];

test("phantoms are localized, and the second time what was found is told again", async () => {
  const dir = await temporaryFolder();
  const { signal } = new AbortController();
  await writePhantoms({ dir, count: 4, preset: "easy", size: 48, seed: 1, signal }, () => {});
  const args = [
    ...["evaluate", "localization", "--data", ".", "--truth", "truth.json", "--size", "48"],
    ...["--steps", "4", "--out", "found", ...SMALL],
  ];
  const first = await microtome(dir, args);
  expect(first.code, first.stderr).toBe(0);
  expect(first.stdout).toMatch(/^Learning off: by the energy alone/);
  expect(first.stdout).toMatch(/windows, seed 0: 4 steps in .*refined in 3 steps on [1-4] scans/);
  expect(first.stdout).toMatch(/\nmethod +MAE px +% axis/);
  expect(first.stdout).toMatch(/\nfull volume +\d/);
  expect(first.stdout).toMatch(/\nmean box of the others \* +\d/);
  const out = join(dir, "found");
  for (const name of [
    "evaluation.json",
    "table.md",
    "localization.html",
    "windows-0.encoder.bin",
  ]) {
    expect((await stat(join(out, name))).size).toBeGreaterThan(100);
  }

  const encoder = await readFile(join(out, "windows-0.encoder.bin"));
  const second = await microtome(dir, [...args, "--json"]);
  const document = documentOf<LocalizationDocument>(second);
  expect(document.evaluation).toBe("localization");
  expect(document.rows[0]).toMatchObject({ name: "windows, decided", scans: 4, runs: 4 });
  // Masks were found where phantoms have them.
  expect(document.rows.every(({ lost }) => lost !== undefined)).toBe(true);
  expect(second.stderr).not.toContain("step 4 of 4");
  expect((await readFile(join(out, "windows-0.encoder.bin"))).equals(encoder)).toBe(true);
}, 180_000);

test("without learning nothing is trained", async () => {
  const dir = await temporaryFolder();
  const { signal } = new AbortController();
  await writePhantoms({ dir, count: 2, preset: "easy", size: 32, seed: 2, signal }, () => {});
  const answer = await microtome(dir, [
    ...["evaluate", "localization", "--data", ".", "--truth", "truth.json", "--size", "32"],
    ...["--no-learning", "--json"],
  ]);
  expect(answer.code, answer.stderr).toBe(0);
  const { rows, localizers } = documentOf<LocalizationDocument>(answer);
  expect(localizers).toEqual([]);
  expect(rows[0]).toMatchObject({ group: "learning off" });
  const out = join(dir, "evaluation", "localization");
  expect(existsSync(join(out, "localization.html"))).toBe(true);
  expect(existsSync(join(out, "windows-0.encoder.bin"))).toBe(false);
}, 120_000);

test.each([
  [["--data", "."], /required option '--truth <file>'/],
  [["--data", "nowhere", "--truth", "t.json"], /Expected a folder of scans/],
  [["--data", ".", "--truth", "t.json", "--localizer", "guess"], /Allowed choices are windows/],
  [
    ["--data", ".", "--truth", "t.json", "--preset", "medaka-like", "--localizer", "energy"],
    /cannot be used/,
  ],
])(
  "`evaluate localization %j` exits with 2 and says why",
  async (args, message) => {
    const answer = await microtome(await temporaryFolder(), ["evaluate", "localization", ...args]);
    expect(answer.stderr).toMatch(message);
    expect(answer.code).toBe(2);
  },
  60_000,
);

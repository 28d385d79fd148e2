import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CONTAINERS } from "../../domain/phantoms/container-names.ts";
import { PHANTOM_CASES } from "../../domain/phantoms/phantom-cases.ts";
import { PHANTOM_PRESETS } from "../../domain/phantoms/presets.ts";
import { SPECIMENS } from "../../domain/phantoms/specimen-names.ts";
import type { PhantomTruth } from "../../activities/phantoms/phantom-truth.ts";
import { documentOf, microtome } from "../support/cli.ts";
import { temporaryFolder } from "../support/temporary.ts";

interface Made {
  readonly phantoms: Readonly<Record<string, PhantomTruth>>;
}

describe("microtome phantom", () => {
  test("makes the specimen, container and case that are asked for, and says so in the truth", async () => {
    const dir = await temporaryFolder();
    const answer = await microtome(dir, [
      ...["phantom", "--out", "scans", "--size", "24", "--preset", "easy", "--specimen", "plant"],
      ...["--container", "bed", "--case", "two", "--seed", "3", "--json"],
    ]);
    expect(answer.code, answer.stderr).toBe(0);
    const { P01 } = documentOf<Made>(answer).phantoms;
    expect(P01).toMatchObject({ specimen: "plant", container: "bed", case: "two", touches: [] });
    expect(P01!.specimens).toHaveLength(2);
    const file = JSON.parse(await readFile(join(dir, "scans", "truth.json"), "utf8")) as object;
    expect(file).toEqual({ P01 });
    expect(existsSync(join(dir, "scans", "truth", "P01.png"))).toBe(true);
  }, 30_000);

  test("makes an empty tube without a box", async () => {
    const dir = await temporaryFolder();
    const args = ["phantom", "--out", ".", "--size", "16", "--case", "empty", "--json"];
    const { P01 } = documentOf<Made>(await microtome(dir, args)).phantoms;
    expect(P01).toMatchObject({ case: "empty", specimens: [], specimenVoxels: 0 });
    expect(P01).not.toHaveProperty("box_zyx");
  }, 30_000);

  test("--help says what every preset, specimen, container and case is", async () => {
    const { code, stdout } = await microtome(await temporaryFolder(), ["phantom", "--help"]);
    expect(code).toBe(0);
    const words = { ...PHANTOM_PRESETS, ...SPECIMENS, ...CONTAINERS, ...PHANTOM_CASES };
    for (const name of Object.keys(words)) {
      expect(stdout).toMatch(new RegExp(`^  ${name} +\\w.{10,}$`, "m"));
    }
  }, 30_000);

  test.each([
    [["--specimen", "cat"], /argument 'cat' is invalid. Allowed choices are fish, embryo, plant/],
    [["--case", "lost"], /Allowed choices are none, empty, two/],
    [["--case", "touching-wall", "--container", "none"], /expected container tube, square/],
    [["--case", "full", "--container", "no-air"], /expected container tube, .*, got no-air/],
    [["--size", "8"], /size must be a whole number from 16 to 512, got 8/],
  ])(
    "%j ends with exit code 2 and says what was expected",
    async (args, message) => {
      const dir = await temporaryFolder();
      const answer = await microtome(dir, ["phantom", "--out", "scans", ...args]);
      expect(answer).toMatchObject({ code: 2, stdout: "" });
      expect(answer.stderr).toMatch(message);
      expect(existsSync(join(dir, "scans"))).toBe(false);
    },
    30_000,
  );
});

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { createInlineRunner } from "../../../activities/engine/inline-runner.ts";
import { createJobs } from "../../../activities/evaluation/evaluation-jobs.ts";
import { evaluateSplits } from "../../../activities/evaluation/evaluate-splits.ts";
import type {
  EvaluateSplitsRequest,
  SplitResults,
} from "../../../activities/evaluation/evaluate-splits.ts";
import { planEvaluation } from "../../../activities/evaluation/plan-evaluation.ts";
import { leftChance } from "../../../activities/evaluation/rotation-split.ts";
import { writeEvaluation } from "../../../activities/evaluation/write-evaluation.ts";
import { openEncoder } from "../../../domain/pretexts/encoder-file.ts";
import { addonPath } from "../engine/addon.ts";
import { writeConeScans } from "../../support/cone-scans.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { useTensorFlow } from "../../support/tensorflow.ts";

const CONFIG = {
  encoder: "resnet18",
  ...{ width: 4, rate: 3e-3, seed: 1, warmup: 5, imageSize: 32 },
  ...{ windowSize: 12, twinRange: 0, batchSize: 8, slicesPerBatch: 8 },
} as const;

let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  env = { MICROTOME_TFJS_ADDON: await addonPath() };
  await useTensorFlow();
});

const SCANS = ["a", "b", "c", "d"].map((id) => ({ id, turned: id === "b" }));

async function evaluator(scans = SCANS) {
  const dir = await temporaryFolder();
  await writeConeScans(dir, scans);
  const runner = createInlineRunner(createJobs(env));
  const out = join(dir, "out");
  const kept: boolean[] = [];
  return {
    dir,
    out,
    kept,
    run: async <P extends keyof SplitResults>(
      pretext: P,
      plan: Partial<Parameters<typeof planEvaluation>[0]>,
      config: Partial<EvaluateSplitsRequest["config"]>,
      budget: { readonly steps?: number; readonly seconds?: number },
    ) => {
      const { open, splits } = await planEvaluation({
        ...{ data: dir, size: 32, bin: 1, container: "none", seed: 1 },
        ...plan,
      });
      const request: EvaluateSplitsRequest = {
        ...{ open, splits, out, budget },
        config: { view: "slices", pretext, ...CONFIG, ...config },
      };
      const evaluated = await evaluateSplits(pretext, request, {
        signal: new AbortController().signal,
        onProgress: () => undefined,
        onSplit: (_, __, reused) => kept.push(reused),
        env,
        runner,
      });
      return { evaluated, request };
    },
  };
}

describe("evaluate sorting", () => {
  test("a tiny network sorts cones, is told apart from what is trivial, and names the turned one", async () => {
    const { run, dir, out, kept } = await evaluator();
    const plan = { validation: ["a", "b"], truth: join(dir, "truth.json"), flip: ["b"] };
    const { evaluated, request } = await run("sorting", plan, {}, { steps: 60 });
    const [result] = evaluated.splits;
    const { validated, scans, directions, curve } = result!;
    expect(result).toMatchObject({ steps: 60, planned: 60, end: "finished", training: ["c", "d"] });
    expect(validated.random).toBeCloseTo(63 / 24, 12);
    expect(validated.all).toBeLessThan(0.6 * validated.random);
    expect(validated.trivial!.area).toBeLessThan(0.7); // cones: what is trivial sorts them
    expect(scans.map(({ id, held }) => `${id}${held ? "*" : ""}`)).toEqual(["a*", "b*", "c", "d"]);
    expect(scans.map(({ direction }) => direction)).toEqual([1, -1, 1, 1]);
    expect(directions).toEqual({ right: 4, wrong: [] });
    for (const scan of scans) {
      expect(scan.specimenOnly).toBeDefined();
      expect(scan.inside).toBeDefined();
      expect(scan.outside).toBeUndefined(); // 4 slices without specimen are fewer than 8
      expect(scan.kendall).toBeGreaterThan(0);
      expect(Math.sign(scan.spearman)).toBe(1);
    }
    expect(curve.at(-1)!.step).toBe(60);
    expect(curve.length).toBeGreaterThan(10);
    expect(curve.at(-1)!.loss).toBeLessThan(curve[0]!.loss);

    const { size } = await stat(join(out, "split-1.encoder.bin"));
    expect(size).toBeGreaterThan(100_000);
    const encoder = openEncoder(await readFile(join(out, "split-1.encoder.bin")));
    expect(encoder).toMatchObject({ step: 60 });
    encoder.network.dispose();

    await writeEvaluation("sorting", request, evaluated);
    const document: unknown = JSON.parse(await readFile(join(out, "evaluation.json"), "utf8"));
    expect(document).toMatchObject({ directions: { a: 1, b: -1, c: 1, d: 1 } });

    // The same again is not done again, and what it found is what it found.
    const again = await run("sorting", plan, {}, { steps: 60 });
    expect(again.evaluated.splits[0]).toEqual(result);
    await run("sorting", plan, {}, { steps: 3 });
    expect(kept).toEqual([false, true, false]);
  }, 60_000);

  test("the directions that one evaluation found align the next", async () => {
    const { run, out, dir } = await evaluator();
    const found = await run("sorting", { validation: ["a"], flip: ["b"] }, {}, { steps: 2 });
    await writeEvaluation("sorting", found.request, found.evaluated);
    const document = JSON.parse(await readFile(join(out, "evaluation.json"), "utf8")) as {
      directions: Record<string, 1 | -1>;
    };
    const aligned = await planEvaluation({
      ...{ data: dir, size: 32, bin: 1, container: "none", seed: 1 },
      align: join(out, "evaluation.json"),
    });
    expect(aligned.open.scans.map(({ scan, reversed }) => [scan, reversed])).toEqual(
      ["a", "b", "c", "d"].map((scan) => [scan, document.directions[scan] === -1]),
    );
  }, 60_000);

  test("scans with fewer slices than are sorted at once are an error before any training", async () => {
    const { run } = await evaluator();
    await expect(run("sorting", {}, { slicesPerBatch: 33 }, { steps: 1e6 })).rejects.toThrow(
      /[abcd]: expected 33 slices or more to sort, got 32 at this size/,
    );
  });

  test("a budget in seconds is planned for and kept to", async () => {
    const { run } = await evaluator();
    const { evaluated } = await run("sorting", { validation: 1 }, {}, { seconds: 6 });
    const { seconds, planned, steps, end, curve } = evaluated.splits[0]!;
    expect(seconds).toBeGreaterThan(2);
    expect(seconds).toBeLessThan(8);
    expect(planned).toBeGreaterThanOrEqual(12);
    if (end === "finished") expect(steps).toBe(planned);
    else expect([end, steps < planned]).toEqual(["time", true]);
    expect(curve.at(-1)!.step).toBe(steps);
  }, 60_000);
});

describe("evaluate rotation", () => {
  test("angles of windows are measured on scans that are held out and on the others", async () => {
    const { run } = await evaluator();
    const config = { view: "windows", encoder: "window-net", width: 4 } as const;
    const { evaluated } = await run("rotation", { validation: ["a"] }, config, { steps: 12 });
    const [result] = evaluated.splits;
    expect(result).toMatchObject({ view: "windows", steps: 12, plateau: false });
    expect(result!.chance.loss).toBeCloseTo(Math.log(7), 12);
    expect(result!.scans.map(({ id, held }) => [id, held])).toEqual(
      ["a", "b", "c", "d"].map((id) => [id, id === "a"]),
    );
    for (const { accuracy, angularError, loss } of result!.scans) {
      expect(accuracy).toBeGreaterThanOrEqual(0);
      expect(accuracy).toBeLessThanOrEqual(1);
      expect(angularError).toBeGreaterThan(0);
      expect(loss).toBeGreaterThan(0);
    }
    expect(result!.warnings).toEqual(["The loss never left chance (ln 7) in 12 steps"]);
  }, 60_000);

  test("chance is left at the first step by which a hundred losses are below it on average", () => {
    const chance = Math.log(7);
    const flat = Array.from({ length: 150 }, () => chance);
    const fallen = Array.from({ length: 50 }, () => chance - 1);
    expect(leftChance(flat)).toBeUndefined();
    // 5 of 100 a whole unit below is .05 below on average; the sixth is more.
    expect(leftChance([...flat, ...fallen])).toBe(156);
    expect(leftChance(fallen)).toBeUndefined();
  });
});

import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { createInlineRunner } from "../../../activities/engine/inline-runner.ts";
import type { JobRunner } from "../../../activities/engine/job.ts";
import { evaluateLocalization } from "../../../activities/evaluation/evaluate-localization.ts";
import type {
  EvaluateLocalizationRequest,
  LocalizerPlan,
} from "../../../activities/evaluation/evaluate-localization.ts";
import { createJobs } from "../../../activities/evaluation/evaluation-jobs.ts";
import { planLocalization } from "../../../activities/evaluation/plan-localization.ts";
import { writeLocalization } from "../../../activities/evaluation/write-localization.ts";
import { writeSlices } from "../../../activities/phantoms/write-slices.ts";
import { marginFor } from "../../../domain/localization/margin.ts";
import { boxMetrics, specimenLost } from "../../../domain/metrics/box-metrics.ts";
import { fullBox, growBox } from "../../../domain/volumes/box.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { useTensorFlow } from "../../support/tensorflow.ts";
import { tubeScan } from "../../support/tube-scan.ts";
import { addonPath } from "../engine/addon.ts";

let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  env = { MICROTOME_TFJS_ADDON: await addonPath() };
  await useTensorFlow();
});

const SIZE = 32;
const TUBES = [1, 2, 3, 4].map((seed) => tubeScan({ size: SIZE, seed }));

async function tubes(): Promise<string> {
  const dir = await temporaryFolder();
  const { signal } = new AbortController();
  const truth: Record<string, object> = {};
  for (const [i, { level, specimen, box }] of TUBES.entries()) {
    await writeSlices(join(dir, `t${i + 1}`), level, 10, signal);
    await writeSlices(join(dir, `t${i + 1}.mask`), specimen, 10, signal);
    // The last one has no known box: it is localized all the same.
    if (i < 3) truth[`t${i + 1}`] = { shape_zyx: level.shape, box_zyx: box };
  }
  await writeFile(join(dir, "truth.json"), JSON.stringify(truth));
  return dir;
}

const WINDOWS: LocalizerPlan = {
  localizer: "windows",
  config: {
    view: "windows",
    pretext: "rotation",
    encoder: "window-net",
    ...{ width: 4, rate: 1e-3 },
    ...{ seed: 5, warmup: 2, windowSize: 8, imageSize: 16, twinRange: 0, batchSize: 8 },
    slicesPerBatch: 2,
  },
  refineSteps: 4,
  budget: { steps: 5 },
  seeds: 2,
};

const SORTING: LocalizerPlan = {
  ...WINDOWS,
  localizer: "sorting",
  config: {
    ...WINDOWS.config,
    view: "slices",
    pretext: "sorting",
    encoder: "resnet18",
    imageSize: 32,
    ...{ batchSize: 6, slicesPerBatch: 6, dropouts: [0.5, 0.5, 0.5, 0] },
  },
  refineSteps: 0,
  seeds: 1,
};

const SLICES: LocalizerPlan = {
  ...WINDOWS,
  localizer: "rotation",
  config: { ...WINDOWS.config, view: "slices", encoder: "resnet18", twinRange: 0.2 },
  refineSteps: 0,
  seeds: 1,
};

/** Counts what is computed. */
function countingRunner(): JobRunner & { readonly jobs: string[] } {
  const runner = createInlineRunner(createJobs(env));
  const jobs: string[] = [];
  return {
    jobs,
    run(name, input, options) {
      jobs.push(name);
      return runner.run(name, input, options);
    },
  };
}

async function evaluate(request: EvaluateLocalizationRequest) {
  const runner = countingRunner();
  const evaluated = await evaluateLocalization(request, {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    env,
    runner,
  });
  return { evaluated, jobs: runner.jobs };
}

async function request(
  dir: string,
  localizers: readonly LocalizerPlan[],
  margin = 0.04,
): Promise<EvaluateLocalizationRequest> {
  const known = await planLocalization({
    ...{ data: dir, truth: join(dir, "truth.json"), size: SIZE, bin: 2, container: "auto" },
    margin,
  });
  return { ...known, localizers, out: join(dir, "out") };
}

test("all scans are localized and those with a known box are scored, by hand the same", async () => {
  const dir = await tubes();
  const { evaluated } = await evaluate(await request(dir, []));
  const { plain, baselines, scans, localizers } = evaluated;
  expect(scans.map(({ scan }) => scan)).toEqual(["t1", "t2", "t3", "t4"]);
  expect(localizers).toEqual([]);
  expect(plain.scans.map(({ scan }) => scan)).toEqual(["t1", "t2", "t3", "t4"]);
  expect(plain.decided.scans.map(({ scan }) => scan)).toEqual(["t1", "t2", "t3"]);
  for (const [i, { box, score }] of plain.decided.scans.entries()) {
    const { level, specimen, box: truth } = TUBES[i]!;
    const found = box ?? fullBox(level.shape);
    expect(score).toMatchObject(boxMetrics(found, truth, level.shape));
    expect(score.lost).toBeCloseTo(specimenLost(found, specimen), 12);
    const grown = growBox(found, marginFor(level.shape).margin, level.shape);
    expect(score.lostWithMargin).toBeCloseTo(specimenLost(grown, specimen), 12);
  }
  const named = new Map(baselines.map((one) => [one.name.split(",")[0], one]));
  expect([...named.keys()]).toEqual(
    expect.arrayContaining([
      ...["full volume", "grey", "HARP (projection", "BinScale (entropy", "local energy"],
      ...["local deviation", "mean box of the others", "grey threshold", "threshold"],
    ]),
  );
  const full = named.get("full volume")!.scans[0]!.score;
  expect(full).toMatchObject({ kept: 1, lost: 0, abstained: false });
  // Each mean box is that of the two others.
  const [first] = named.get("mean box of the others")!.scans;
  const [, b, c] = TUBES.map(({ box }) => box);
  expect(first!.box![0][0]).toBe(Math.round((b![0][0] + c![0][0]) / 2));
  const best = baselines.filter(({ usesLabels }) => usesLabels);
  expect(best.map(({ name }) => name).filter((name) => name.includes("(best)"))).toHaveLength(4);
});

test("seeds are trained, refined, decided and written, and nothing of it is done again", async () => {
  const dir = await tubes();
  const asked = await request(dir, [WINDOWS, SLICES, SORTING]);
  const { evaluated, jobs } = await evaluate(asked);
  expect(jobs).toEqual([
    ...["open", "baselines", "pretrain", "localize", "pretrain", "localize"],
    ...["pretrain", "localize", "pretrain", "localize"],
  ]);
  const [windows, slices, sorting] = evaluated.localizers;
  expect(windows!.seeds.map(({ seed }) => seed)).toEqual([5, 6]);
  for (const seed of windows!.seeds) {
    expect(seed).toMatchObject({ steps: 5, end: "finished", localizer: "windows" });
    expect(seed.scans).toHaveLength(4);
    expect(seed.warnings.join()).toMatch(/never left chance/);
    for (const { bytes, box, profiles } of seed.scans) {
      expect(bytes.kept).toBeLessThanOrEqual(bytes.whole);
      if (box) expect(bytes.kept).toBeLessThan(0.9 * bytes.whole);
      expect(profiles.map(({ axis, at }) => [axis, at.length])).toEqual([[0, 16], [1, 16], [2, 16]]); // prettier-ignore
      expect(profiles[0]!.at.slice(0, 2)).toEqual([1, 3]);
    }
  }
  expect(windows!.seeds.some(({ refined }) => refined?.steps === 4)).toBe(true);
  expect(slices!.seeds[0]!.parts.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["whole slices, p0 (the paper)", "whole slices, tta"]),
  );

  // An untrained network of the same dropout stands beside a trained one.
  expect(sorting!.seeds[0]!.parts.map(({ name }) => name)).toEqual([
    ...["sorting, top 3 % of embeddings", "sorting, Otsu of embeddings"],
    ...["sorting, top 3 % of scores", "sorting, Otsu of scores"],
    ...["untrained, top 3 % of embeddings", "untrained, Otsu of embeddings"],
    ...["untrained, top 3 % of scores", "untrained, Otsu of scores"],
  ]);

  const document = await writeLocalization(asked, evaluated);
  const json = JSON.parse(await readFile(join(asked.out, "evaluation.json"), "utf8")) as unknown;
  expect(json).toEqual(JSON.parse(JSON.stringify(document)));
  expect(json).not.toHaveProperty("pictures");
  const [row] = document.rows;
  expect(row).toMatchObject({ name: "windows, decided", group: "learned", scans: 3, runs: 6 });
  const maes = windows!.seeds.flatMap(({ decided }) => decided.scans.map((s) => s.score.maePx));
  expect(row!.maePx.mean).toBeCloseTo(maes.reduce((a, b) => a + b, 0) / 6, 10);
  expect(document.rows.map(({ group }) => group)).toEqual(
    expect.arrayContaining(["one seed", "part", "learning off", "label-free", "with labels"]),
  );
  const table = (await readFile(join(asked.out, "table.md"), "utf8")).trim().split("\n");
  expect(table).toHaveLength(document.rows.length + 2);
  expect(new Set(table.map((line) => line.split("|").length)).size).toBe(1);
  const page = await readFile(join(asked.out, "localization.html"), "utf8");
  expect(page.match(/<section class="card"/g)).toHaveLength(4);
  expect(page.match(/<rect\s+class="truth"/g)!.length).toBeGreaterThanOrEqual(9);
  expect(page.match(/data:image\/png/g)).toHaveLength(12);
  expect(page.match(/<svg\s+class="chart"/g)).toHaveLength(12);

  const again = await evaluate(asked);
  expect(again.jobs).toEqual(["open"]);
  expect(JSON.stringify(again.evaluated)).toBe(JSON.stringify(evaluated));
  // Another margin asks for no other training.
  const wider = await evaluate(await request(dir, [{ ...WINDOWS, seeds: 1 }], 0.1));
  expect(wider.jobs).toEqual(["open", "baselines", "localize"]);
}, 120_000);

test("what stays at chance is begun anew with easier tasks first, once, and says so", async () => {
  const dir = await tubes();
  const stuck: LocalizerPlan = {
    ...{ ...WINDOWS, seeds: 1, budget: { steps: 120 } },
    config: { ...WINDOWS.config, rate: 1e-9 },
  };
  const { evaluated } = await evaluate(await request(dir, [stuck]));
  const [seed] = evaluated.localizers[0]!.seeds;
  expect(seed).toMatchObject({ end: "plateau", restartedAfter: 120, steps: 120 });
  expect(seed!.warnings).toEqual([
    expect.stringMatching(/after 120 steps: training was begun anew with easier tasks first/),
    expect.stringMatching(/^Plateau: .* the boxes are the energy's alone/),
  ]);
  expect(seed!.decided.scans).toEqual(evaluated.plain.decided.scans);
}, 120_000);

test("one more seed trains only that one, and a lost encoder is trained again", async () => {
  const dir = await tubes();
  const one = await request(dir, [{ ...WINDOWS, seeds: 1, refineSteps: 0 }]);
  await evaluate(one);
  const two = await request(dir, [{ ...WINDOWS, seeds: 2, refineSteps: 0 }]);
  expect((await evaluate(two)).jobs).toEqual(["open", "pretrain", "localize"]);
  await rm(join(one.out, "windows-5.encoder.bin"));
  expect((await evaluate(one)).jobs).toEqual(["open", "pretrain", "localize"]);
}, 120_000);

test("a truth file that knows none of the scans is an error", async () => {
  const dir = await tubes();
  await writeFile(join(dir, "truth.json"), '{"x": {"shape_zyx": [4, 4, 4], "box_zyx": [[0, 1], [0, 1], [0, 1]]}}'); // prettier-ignore
  await expect(request(dir, [])).rejects.toThrow(/knows none of the scans t1, t2, t3, t4, but x/);
});

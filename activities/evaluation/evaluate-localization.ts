import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../deps.ts";
import type { JobRunner } from "../engine/job.ts";
import { canonicalJson, sha256 } from "../stage/content-key.ts";
import { readResult, startRunner, writeJson } from "./evaluate-splits.ts";
import type {
  LearnedLocalizer,
  LocalizationScans,
  LocalizeRequest,
  PretrainRequest,
} from "./localization-request.ts";
import type { BaselinesResult, LocalizedSeed } from "./localization-result.ts";
import type { ScanSummary } from "./open-scans.ts";
import type { PretrainedAll } from "./pretrain-all.ts";

/** Raise when the same request is measured in another way; results of older versions are made anew. */
const VERSION = { baselines: 1, pretrain: 2, localize: 2 } as const;

/** One localizer, and how it is trained. */
export interface LocalizerPlan
  extends
    Pick<LocalizeRequest, "localizer" | "config" | "refineSteps">,
    Pick<PretrainRequest, "budget" | "warmStart"> {
  readonly seeds: number;
}

export interface EvaluateLocalizationRequest extends LocalizationScans {
  /** None: only what needs no training. */
  readonly localizers: readonly LocalizerPlan[];
  /** Folder of the results: see `evaluateLocalization`. */
  readonly out: string;
}

export interface EvaluateLocalizationOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Called with each result, also one that was there already. */
  readonly onBaselines?: (result: BaselinesResult, reused: boolean) => void;
  readonly onSeed?: (result: LocalizedSeed, reused: boolean) => void;
  /** All the environment of the process that computes, `MICROTOME_TFJS_ADDON` included. */
  readonly env: NodeJS.ProcessEnv;
  /** @default a process of its own */
  readonly runner?: JobRunner;
}

/** All that was measured. */
export interface EvaluatedLocalization extends BaselinesResult {
  readonly scans: readonly ScanSummary[];
  /** Seed by seed of each localizer. */
  readonly localizers: readonly {
    readonly localizer: LearnedLocalizer;
    readonly seeds: readonly LocalizedSeed[];
  }[];
}

/**
 * Localize the scans of a folder in every way, seed by seed, in a process beside this one. What is
 * finished is written, and kept where it came of the same scans and the same request, so that an
 * interrupted evaluation goes on where it stopped: `baselines.json`, and of each seed
 * `<localizer>-<seed>.training.json`, `.encoder.bin` and `.json`.
 */
export async function evaluateLocalization(
  { localizers, out, ...known }: EvaluateLocalizationRequest,
  options: EvaluateLocalizationOptions,
): Promise<EvaluatedLocalization> {
  const { signal, onProgress, env, runner: lent } = options;
  const own = lent === undefined ? startRunner(env) : undefined;
  const runner = lent ?? own!;
  const parts = 2 + localizers.reduce((sum, { seeds }) => sum + 2 * seeds, 0);
  let done = 0;
  const run = async <R>(job: string, input: object, where: string): Promise<R> =>
    runner.run<R>(job, input, {
      signal,
      onProgress: ({ fraction, note }) =>
        onProgress({
          fraction: (done + fraction) / parts,
          note: note === undefined ? where : `${where}: ${note}`,
        }),
    });
  /** Do a job, or have its result from an earlier time; `again`: what it left besides is gone. */
  const once = async <R extends object>(
    job: keyof typeof VERSION,
    name: string,
    input: object,
    key: string,
    again = false,
  ): Promise<{ readonly result: R; readonly reused: boolean }> => {
    const path = join(out, `${name}.json`);
    const kept = again ? undefined : await readResult<R>(path, key);
    const result = kept ?? (await run<R>(job, input, name));
    if (kept === undefined) await writeJson(path, { key, ...result });
    done++;
    return { result, reused: kept !== undefined };
  };
  try {
    const scans = await run<ScanSummary[]>("open", known.open, "scans");
    done++;
    const seen = describeViews(known, scans);
    const judged = { seen, truth: describeTruth(known), margin: known.margin };
    const baselines = await once<BaselinesResult>(
      "baselines",
      "baselines",
      known,
      keyOf("baselines", judged),
    );
    options.onBaselines?.(baselines.result, baselines.reused);
    const localized: EvaluatedLocalization["localizers"][number][] = [];
    for (const { seeds, localizer, refineSteps, budget, warmStart, ...plan } of localizers) {
      const start = warmStart === undefined ? undefined : sha256(await readFile(warmStart));
      const results: LocalizedSeed[] = [];
      for (let i = 0; i < seeds; i++) {
        const config = { ...plan.config, seed: plan.config.seed + i };
        const name = `${localizer}-${config.seed}`;
        const encoder = join(out, `${name}.encoder.bin`);
        const trainingKey = keyOf("pretrain", { seen, config, budget, start });
        const training = await once<PretrainedAll>(
          "pretrain",
          `${name}.training`,
          { open: known.open, config, budget, encoder, ...(warmStart && { warmStart }) },
          trainingKey,
          await isMissing(encoder),
        );
        const found = await once<LocalizedSeed>(
          "localize",
          name,
          { ...known, localizer, config, refineSteps, encoder, trained: training.result },
          keyOf("localize", { trainingKey, judged, localizer, refineSteps }),
          !training.reused,
        );
        options.onSeed?.(found.result, found.reused);
        results.push(found.result);
      }
      localized.push({ localizer, seeds: results });
    }
    return { scans, ...baselines.result, localizers: localized };
  } finally {
    await own?.close();
  }
}

function keyOf(job: keyof typeof VERSION, parts: object): string {
  return sha256(canonicalJson({ version: VERSION[job], job, ...parts }));
}

/** What is in the scans, not where they are. */
function describeViews({ open }: LocalizationScans, scans: readonly ScanSummary[]) {
  const { size, bin, container } = open;
  return { size, bin, container, scans: scans.map(({ scan, digest }) => ({ scan, digest })) };
}

function describeTruth({ open, masks }: LocalizationScans) {
  return open.scans.map(({ scan, truth }) => ({ truth, mask: masks[scan]?.version }));
}

async function isMissing(path: string): Promise<boolean> {
  return access(path).then(
    () => false,
    () => true,
  );
}

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidInput } from "../../domain/errors.ts";
import type { Progress } from "../deps.ts";
import { createJobRunner } from "../engine/pool.ts";
import type { JobRunner } from "../engine/job.ts";
import { canonicalJson, sha256 } from "../stage/content-key.ts";
import { replacePath } from "../volumes/replace-path.ts";
import type { SplitRequest } from "./evaluation-request.ts";
import type { OpenScansRequest, ScanSummary } from "./open-scans.ts";
import type { ScanSplit } from "./plan-splits.ts";
import type { RotationSplitResult } from "./rotation-result.ts";
import type { SortingSplitResult } from "./sorting-result.ts";

/** Raise when the same request is measured in another way; results of older versions are made anew. */
const VERSION = 1;

export interface SplitResults {
  readonly sorting: SortingSplitResult;
  readonly rotation: RotationSplitResult;
}

export interface EvaluateSplitsRequest extends Pick<
  SplitRequest,
  "config" | "budget" | "warmStart"
> {
  readonly open: OpenScansRequest;
  /** Of the scans in `open`. */
  readonly splits: readonly ScanSplit[];
  /** Folder of the results: `split-<n>.json` and `split-<n>.encoder.bin`. */
  readonly out: string;
}

export interface EvaluateSplitsOptions<R> {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Called with each split's result, also one that was there already. */
  readonly onSplit?: (result: R, index: number, reused: boolean) => void;
  /** All the environment of the process that computes, `MICROTOME_TFJS_ADDON` included. */
  readonly env: NodeJS.ProcessEnv;
  /** @default a process of its own */
  readonly runner?: JobRunner;
}

/** What was measured, with what it was measured on. */
export interface Evaluated<R> {
  readonly scans: readonly ScanSummary[];
  readonly splits: readonly R[];
}

/**
 * Train and measure split by split, in a process beside this one. A split's result is written when
 * it is finished; one that is there and came of the same scans and the same request is kept, so that
 * an interrupted evaluation goes on where it stopped.
 */
export async function evaluateSplits<P extends keyof SplitResults>(
  pretext: P,
  given: EvaluateSplitsRequest,
  { signal, onProgress, onSplit, env, runner: lent }: EvaluateSplitsOptions<SplitResults[P]>,
): Promise<Evaluated<SplitResults[P]>> {
  const { open, splits, budget, warmStart, out } = given;
  const own = lent === undefined ? startRunner(env) : undefined;
  const runner = lent ?? own!;
  try {
    const parts = splits.length + 1;
    const part = (done: number, where: string) => (progress: Progress) =>
      onProgress({
        fraction: (done + progress.fraction) / parts,
        note: progress.note === undefined ? where : `${where}: ${progress.note}`,
      });
    const scans = await runner.run<ScanSummary[]>("open", open, {
      signal,
      onProgress: part(0, "scans"),
    });
    const start = warmStart === undefined ? undefined : sha256(await readFile(warmStart));
    const results: SplitResults[P][] = [];
    for (const [i, split] of splits.entries()) {
      // Splits differ in all their chance, not only in their scans.
      const config = { ...given.config, seed: given.config.seed + i };
      const path = join(out, `split-${i + 1}.json`);
      const key = keyOf({ pretext, scans, split, config, budget, start });
      const kept = await readResult<SplitResults[P]>(path, key);
      const request: SplitRequest = {
        open,
        split,
        config,
        budget,
        ...(warmStart === undefined ? {} : { warmStart }),
        encoder: join(out, `split-${i + 1}.encoder.bin`),
      };
      const result =
        kept ??
        (await runner.run<SplitResults[P]>(pretext, request, {
          signal,
          onProgress: part(i + 1, `split ${i + 1} of ${splits.length}`),
        }));
      if (kept === undefined) await writeJson(path, { key, ...result });
      results.push(result);
      onSplit?.(result, i, kept !== undefined);
    }
    return { scans, splits: results };
  } finally {
    await own?.close();
  }
}

/** Write a JSON document whole or not at all. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await replacePath(path, (part) => writeFile(part, `${JSON.stringify(value, null, 1)}\n`));
}

function keyOf(parts: {
  readonly pretext: string;
  readonly scans: readonly ScanSummary[];
  readonly split: ScanSplit;
  readonly config: SplitRequest["config"];
  readonly budget: SplitRequest["budget"];
  readonly start: string | undefined;
}): string {
  const scans = parts.scans.map(({ scan, digest, direction, specimen }) => ({
    ...{ scan, digest, direction },
    ...(specimen === undefined ? {} : { specimen }),
  }));
  return sha256(canonicalJson({ version: VERSION, ...parts, scans }));
}

/** The result at a path if it came of the same; a file that holds something else is in the way. */
export async function readResult<R>(path: string, key: string): Promise<R | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new InvalidInput(`Cannot read ${path}: ${error.message}`, { cause: error });
  });
  if (text === undefined) return undefined;
  try {
    const { key: found, ...result } = JSON.parse(text) as { key?: string };
    return found === key ? (result as R) : undefined;
  } catch {
    return undefined; // half a file of somebody else's: it is written anew
  }
}

/** The process that evaluations compute in. @param env - all of its environment */
export function startRunner(env: NodeJS.ProcessEnv) {
  return createJobRunner({
    jobs: new URL(
      import.meta.url.endsWith(".ts") ? "./evaluation-jobs.ts" : "./evaluation-jobs.js",
      import.meta.url,
    ),
    size: 1,
    env,
    log: { info: () => {}, warn: () => {} },
  });
}

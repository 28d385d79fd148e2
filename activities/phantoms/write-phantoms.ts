import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { InvalidInput } from "../../domain/errors.ts";
import { completeRequest, type PhantomRequest } from "../../domain/phantoms/phantom-request.ts";
import { createRandom } from "../../domain/random.ts";
import type { Progress } from "../deps.ts";
import { createJobRunner } from "../engine/pool.ts";
import { writeJson, type PhantomJobInput } from "./phantom-job.ts";
import { toDiskError } from "../stores/disk-error.ts";
import { phantomIds } from "./phantom-ids.ts";
import { PHANTOM_VERSION, type PhantomTruth } from "./phantom-truth.ts";
import { exists, isComplete, readTruth } from "./read-truth.ts";

/** `seed` is what the phantoms' own seeds are drawn from. */
export interface WritePhantomsOptions extends PhantomRequest {
  readonly dir: string;
  readonly count: number;
  /** One per phantom; `P01`, `P02`, … without. */
  readonly ids?: readonly string[];
  readonly signal: AbortSignal;
}

/** How many phantoms are made at once. */
const PROCESSES = 2;

/**
 * Make phantom scans on disk, with known truth, two at a time.
 *
 * `DIR/<id>/` holds the scan, `DIR/<id>.labels/` its organs, `DIR/truth/<id>.specimen/` the
 * specimen, each as TIFF slices; `DIR/truth.json` describes every whole phantom in the folder,
 * `DIR/truth/<id>.json` each, `DIR/truth/<id>.png` shows it. A phantom that is there from the same
 * request is kept, so that an interrupted call can be repeated; one from another is replaced. Each
 * phantom's own seed depends on `seed` and its id only.
 *
 * Returns the truth of the phantoms asked for, by id. Throws `InvalidInput` for a request that
 * makes no sense, or where something that is no phantom is in the way; `Capacity` when the disk is
 * full; the signal's reason when
 * aborted.
 */
export async function writePhantoms(
  options: WritePhantomsOptions,
  onProgress: (progress: Progress) => void,
): Promise<Readonly<Record<string, PhantomTruth>>> {
  const { dir, signal } = options;
  const ids = phantomIds(options.count, options.ids);
  const common = completeRequest(options); // refuses before anything is written
  signal.throwIfAborted();
  await mkdir(dir, { recursive: true }).catch((error: unknown) => {
    throw toDiskError(error, dir);
  });
  const truths = await readTruth(dir);
  const missing: PhantomJobInput[] = [];
  for (const id of ids) {
    const request = { ...common, seed: createRandom(common.seed, id).int(2 ** 32) };
    const truth = truths.get(id);
    if (truth && isSame(truth, request) && (await isComplete(dir, id, truth))) continue;
    for (const path of truth ? [] : [join(dir, id), join(dir, `${id}.labels`)]) {
      if (await exists(path)) {
        throw new InvalidInput(`${path} exists and is no phantom; choose another folder`);
      }
    }
    missing.push({ dir, id, ...request });
  }

  const fractions = new Map(missing.map(({ id }) => [id, 0]));
  const report = (id: string, fraction: number, note: string) => {
    fractions.set(id, fraction);
    const done = ids.length - missing.length + [...fractions.values()].reduce((a, b) => a + b, 0);
    onProgress({ fraction: done / ids.length, note });
  };
  const stop = new AbortController();
  const runner = createJobRunner({
    jobs: new URL(
      import.meta.url.endsWith(".ts") ? "./phantom-jobs.ts" : "./phantom-jobs.js",
      import.meta.url,
    ),
    size: Math.max(1, Math.min(PROCESSES, missing.length)),
    env: {},
    log: { info: () => {}, warn: () => {} },
  });
  try {
    const work = missing.map(async (input) => {
      const truth = await runner.run<PhantomTruth>("phantom", input, {
        signal: AbortSignal.any([signal, stop.signal]),
        onProgress: ({ fraction, note }) => report(input.id, fraction, note ?? input.id),
      });
      truths.set(input.id, truth);
    });
    await Promise.all(work).catch(async (error: unknown) => {
      stop.abort(error);
      await Promise.allSettled(work);
      throw error;
    });
  } finally {
    await runner.close();
  }
  const whole: Record<string, PhantomTruth> = {};
  for (const [id, truth] of [...truths].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (await isComplete(dir, id, truth)) whole[id] = truth;
  }
  await writeJson(join(dir, "truth.json"), whole);
  onProgress({ fraction: 1, note: `${ids.length} phantoms in ${dir}` });
  return Object.fromEntries(ids.map((id) => [id, truths.get(id)!]));
}

function isSame(truth: PhantomTruth, request: Required<PhantomRequest>): boolean {
  const keys = ["preset", "size", "seed", "specimen", "container", "case"] as const;
  return truth.version === PHANTOM_VERSION && keys.every((key) => truth[key] === request[key]);
}

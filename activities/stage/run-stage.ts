import { activityInfo, Context, log } from "@temporalio/activity";
import type { KeyParts, Manifest, Output } from "../../schemas/manifest.ts";
import type { StageProgress } from "../../schemas/progress.ts";
import type { StageResult } from "../../schemas/stages.ts";
import type { ObjectStore, Progress } from "../deps.ts";
import type { JobRunner } from "../engine/job.ts";
import { isAside, manifestAside, stillThere, volumeOf } from "../retention/volume-aside.ts";
import { contentKey } from "./content-key.ts";
import { commitManifest, readManifest } from "./manifests.ts";

/** What a job hands back: the small result, and every object it stored. */
export interface JobOutcome<R> {
  readonly result: R;
  readonly outputs: readonly Output[];
}

export interface StageDeps {
  readonly store: ObjectStore;
  readonly jobs: JobRunner;
  /** Aborted on SIGTERM, long before Temporal tells an activity that its worker is going away. */
  readonly shutdown: AbortSignal;
  readonly host: string;
  now(): Date;
}

export interface StageRequest {
  /** The scan (or model) it is about, for people. */
  readonly subject: string;
  readonly parts: KeyParts;
  readonly job: string;
  /** The job's input, given the content key its outputs go under. */
  readonly input: (key: string) => unknown;
}

/** Seconds between heartbeats when the job has nothing to say. */
const HEARTBEAT_EVERY_MS = 3000;

/**
 * Run one stage: skip it if its manifest exists, else compute it in a child process and commit.
 *
 * Safe to repeat and to run twice at once: outputs go under content-addressed keys with equal
 * bytes, and the manifest is written once.
 */
export async function runStage<R>(
  deps: StageDeps,
  { subject, parts, job, input }: StageRequest,
): Promise<StageResult<R>> {
  const stage = parts.stage;
  const key = contentKey(parts);
  const earlier =
    (await readManifest(deps.store, stage, key)) ?? (await manifestAside(deps.store, parts, key));
  if (earlier !== undefined) return { ...toResult<R>(earlier), reused: true };

  const startedAt = deps.now();
  log.info("Stage begins", { stage, subject, key });
  const volume = volumeOf(parts, key);
  if (stage !== "ingest" && (await isAside(deps.store, volume))) {
    await runJob(deps, { stage, subject, job: "restore", input: { volume } });
  }
  const { result, outputs } = await runJob<JobOutcome<R>>(deps, {
    stage,
    subject,
    job,
    input: input(key),
  }).catch(async (error: unknown) => {
    await stillThere(deps.store, volume);
    throw error;
  });
  await stillThere(deps.store, volume);
  const manifest = await commitManifest(deps.store, {
    stage,
    key,
    parts,
    result: result as Manifest["result"],
    outputs: [...outputs],
    run: {
      startedAt: startedAt.toISOString(),
      seconds: (deps.now().getTime() - startedAt.getTime()) / 1000,
      host: deps.host,
      attempt: activityInfo().attempt,
    },
  });
  log.info("Stage committed", { stage, subject, key, seconds: manifest.run.seconds });
  return { ...toResult<R>(manifest), reused: false };
}

/** Run a job for the current activity: relay its progress as heartbeats, cancel it when told to. */
export async function runJob<O>(
  { jobs, shutdown }: Pick<StageDeps, "jobs" | "shutdown">,
  request: {
    readonly stage: StageProgress["stage"];
    readonly subject: string;
    readonly job: string;
    readonly input: unknown;
  },
): Promise<O> {
  // Kept, because progress arrives in the asynchronous context of whoever started the process that
  // the job runs in: there, `heartbeat` would speak for another activity or for none.
  const activity = Context.current();
  let last: Progress = { fraction: 0 };
  const beat = () =>
    activity.heartbeat({
      stage: request.stage,
      subject: request.subject,
      fraction: Math.min(1, Math.max(0, last.fraction || 0)), // NaN is no JSON
      ...(last.note === undefined ? {} : { note: last.note.slice(0, 200) }),
    } satisfies StageProgress);
  beat();
  const timer = setInterval(beat, HEARTBEAT_EVERY_MS);
  try {
    return await jobs.run<O>(request.job, request.input, {
      signal: AbortSignal.any([activity.cancellationSignal, shutdown]),
      onProgress(progress) {
        last = progress;
        beat();
      },
    });
  } finally {
    clearInterval(timer);
  }
}

function toResult<R>({ key, run, result }: Manifest): Omit<StageResult<R>, "reused"> {
  return { key, seconds: run.seconds, result: result as R };
}

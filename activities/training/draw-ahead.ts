import { Piscina } from "piscina";
import { CorruptData, domainError, EngineCrashed } from "../../domain/errors.ts";
import type { View } from "../../domain/localization/view.ts";
import type { PretrainConfig } from "../../domain/pretexts/pretrain-config.ts";
import type { Arrays } from "../../domain/training/arrays.ts";
import { threadModule } from "../engine/thread-module.ts";
import type { DrawnBatch, DrawTask } from "./draw-thread.ts";
import { shareViews } from "./share-views.ts";

export interface DrawAheadOptions {
  readonly config: PretrainConfig;
  /** Threads see them where they are if they are shared; see `shareViews`. */
  readonly views: readonly View[];
  /** How many batches are drawn before they are asked for. @default 2 */
  readonly depth?: number;
  /** @default 1: each prepares the views for itself */
  readonly threads?: number;
  /** There is no batch after this one. @default Infinity */
  readonly last?: number;
  /** When it aborts, threads end, and whoever waits for a batch gets its reason. */
  readonly signal?: AbortSignal;
}

/** Batches drawn by threads while the engine is busy with the one before. */
export interface DrawAhead {
  /**
   * The batch of this number: the same numbers that `createBatchSource` draws, whoever draws them.
   * Asked for in order it is usually there; any other number, and it starts from that one.
   *
   * Rejects with the domain error that drawing threw, or `EngineCrashed` when a thread ended.
   */
  draw(batch: number): Promise<Arrays>;
  /** Milliseconds so far: that callers of `draw` have waited, and that threads have drawn. */
  times(): { readonly waited: number; readonly drawn: number };
  /** End the threads. */
  close(): Promise<void>;
}

/** Start drawing with the first batch that is asked for. The caller closes it. */
export async function createDrawAhead(options: DrawAheadOptions): Promise<DrawAhead> {
  const { config, views, depth = 2, threads = 1, last = Infinity, signal } = options;
  signal?.throwIfAborted();
  const pool = await startPool({ config, views: shareViews(views) }, { threads, depth });
  const close = () => pool.destroy();
  const abort = () => void close();
  signal?.addEventListener("abort", abort, { once: true });
  const times = { waited: 0, drawn: 0 };
  const ahead = new Map<number, Promise<Arrays>>();

  async function fetch(batch: number): Promise<Arrays> {
    const answer = (await pool.run(batch, { name: "draw" }).catch((error: Error) => {
      signal?.throwIfAborted();
      throw crashed(error);
    })) as DrawnBatch;
    if ("arrays" in answer) {
      times.drawn += answer.milliseconds;
      return answer.arrays;
    }
    const { error } = answer;
    throw domainError(error.name, error.message) ?? new CorruptData(error.message);
  }

  function request(batch: number): Promise<Arrays> {
    const known = ahead.get(batch);
    if (known !== undefined) return known;
    const drawing = fetch(batch);
    // A failure is for whoever asks for this batch; nobody may.
    drawing.catch(() => undefined);
    ahead.set(batch, drawing);
    return drawing;
  }

  return {
    async draw(batch) {
      signal?.throwIfAborted();
      for (const known of ahead.keys()) {
        if (known < batch || known > batch + depth) ahead.delete(known);
      }
      const asked = performance.now();
      for (let n = batch; n <= Math.min(batch + depth, last); n++) void request(n);
      const arrays = await request(batch);
      times.waited += performance.now() - asked;
      ahead.delete(batch);
      return arrays;
    },
    times: () => ({ ...times }),
    async close() {
      signal?.removeEventListener("abort", abort);
      ahead.clear();
      await close();
    },
  };
}

async function startPool(
  task: DrawTask,
  { threads, depth }: { readonly threads: number; readonly depth: number },
): Promise<Piscina> {
  const { file, execArgv } = await threadModule("draw-thread", import.meta.url);
  const pool = new Piscina({
    filename: file,
    minThreads: threads,
    maxThreads: threads,
    // All of them are on their way at once: while the engine computes, nobody here could send the
    // next when one is done.
    concurrentTasksPerWorker: depth + 1,
    atomics: "disabled",
    workerData: task,
    execArgv,
  });
  // A thread that dies outside a task would be replaced by one that dies, too: fail what waits.
  pool.on("error", () => void pool.destroy());
  return pool;
}

/** What ends a thread is no fault of the data: another attempt may go well. */
function crashed(error: Error & { readonly code?: string }): Error {
  const ended = error.code?.startsWith("ERR_WORKER") === true || /terminat/i.test(error.message);
  if (!ended) return error;
  return new EngineCrashed(`A thread that draws batches ended: ${error.message}`, { cause: error });
}

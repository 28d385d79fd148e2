import { workerData } from "node:worker_threads";
import { move, transferableSymbol, valueSymbol } from "piscina";
import { isDomainError } from "../../domain/errors.ts";
import type { View } from "../../domain/localization/view.ts";
import { createBatchSource } from "../../domain/pretexts/create-batch-source.ts";
import type { PretrainConfig } from "../../domain/pretexts/pretrain-config.ts";
import type { Arrays } from "../../domain/training/arrays.ts";
import type { BatchSource } from "../../domain/training/learner.ts";

// What a drawing thread runs; `draw-ahead.ts` starts it. Nothing here may import TensorFlow: it takes
// a second to load. An error would lose its class on the way, so a domain error travels as its name
// and text.

/** What the thread is started with. */
export interface DrawTask {
  readonly config: PretrainConfig;
  /** In shared memory. */
  readonly views: readonly View[];
}

/** What a batch came to. */
export type DrawnBatch =
  | { readonly arrays: Arrays; readonly milliseconds: number }
  | { readonly error: { readonly name: string; readonly message: string } };

let source: BatchSource | undefined;

/** Draw a batch. Its arrays move to whoever asked. */
export function draw(batch: number): unknown {
  try {
    const { config, views } = workerData as DrawTask;
    source ??= createBatchSource(config, views);
    const before = performance.now();
    const arrays = source(batch);
    const drawn: DrawnBatch = { arrays, milliseconds: performance.now() - before };
    const buffers = new Set(Object.values(arrays).map(({ values }) => values.buffer));
    return move({ [transferableSymbol]: [...buffers], [valueSymbol]: drawn });
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { error: { name: error.name, message: error.message } } satisfies DrawnBatch;
  }
}

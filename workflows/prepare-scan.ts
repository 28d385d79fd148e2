import { isCancellation } from "@temporalio/workflow";
import type { Stage } from "../schemas/names.ts";
import type { ScanInput, PreparedScan, StageResult } from "../schemas/stages.ts";
import type { StageRecord, StoredSize } from "../schemas/result.ts";
import { toFailure } from "./failure.ts";
import { quick, transfer } from "./proxies.ts";
import type { ScanRun } from "./scan-run.ts";
import { storedSize } from "./stored-size.ts";

export interface PrepareInput extends ScanInput {
  /** Bring the scan's label volume, too. */
  readonly withLabels: boolean;
}

export interface Prepared {
  readonly prepared: PreparedScan;
  readonly volumeBytes: number;
  /** Absent in histories of earlier versions. */
  readonly volumeStored?: StoredSize;
}

/**
 * One scan, from the user's files to what learning and localization look at: ingest → downscale →
 * container suppression. A failure is a result, so that it does not hold the batch.
 */
export async function prepareScan(input: PrepareInput): Promise<ScanRun<Prepared>> {
  const { batch, scan, spec } = input;
  const stages: Partial<Record<Stage, StageRecord>> = {};
  let stage: Stage = "ingest";
  const record = <R>(result: StageResult<R>): R => {
    stages[stage] = { key: result.key, reused: result.reused, seconds: result.seconds };
    return result.result;
  };
  try {
    const volume = record(await transfer.ingest({ batch, scan, spec }));
    stage = "downscale";
    const { shapes, ...stored } = record(await transfer.downscale({ batch, scan, volume }));
    let labels: PreparedScan["labels"];
    if (input.withLabels) {
      stage = "ingest";
      labels = (await transfer.ingest({ batch, scan, spec, labels: true })).result;
      await quick.checkLabels({ scan, volume, labels });
      stage = "downscale";
      await transfer.downscale({ batch, scan, volume: labels, labels: true });
    }
    stage = "suppress";
    const view = record(
      await transfer.suppress({ batch, scan, spec, volume, shapes: shapes.map((s) => [...s]) }),
    );
    return {
      ok: true,
      stages,
      value: {
        prepared: {
          scan,
          volume,
          shapes: shapes.map((s) => [...s] as [number, number, number]),
          view,
          ...(labels === undefined ? {} : { labels }),
        },
        volumeBytes: stored.level0Bytes,
        volumeStored: storedSize(stored),
      },
    };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { ok: false, stages, stage, failure: toFailure(error) };
  }
}

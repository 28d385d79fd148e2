import { isCancellation } from "@temporalio/workflow";
import type { PreparedScan } from "../schemas/stages.ts";
import type { EncoderRef } from "../schemas/volume.ts";
import { toFailure } from "./failure.ts";
import { localizeAxes } from "./localize-axes.ts";
import type { ScanRun } from "./scan-run.ts";
import { stageRecord } from "./stage-record.ts";

export interface LocalizeScanInput {
  readonly batch: string;
  readonly scan: string;
  readonly spec: string;
  readonly prepared: PreparedScan;
  readonly encoder: EncoderRef;
}

export interface Localized {
  /** Keys of the localize results along z, y, x. */
  readonly profiles: readonly string[];
}

/** One prepared scan, seen by the encoder along z ‖ y ‖ x: what a batch's refinement is learned from. */
export async function localizeScan(input: LocalizeScanInput): Promise<ScanRun<Localized>> {
  const { batch, scan, spec, prepared, encoder } = input;
  try {
    const axes = await localizeAxes({ batch, scan, spec, view: prepared.view, encoder });
    return {
      ok: true,
      stages: { localize: stageRecord(axes) },
      value: { profiles: axes.map(({ key }) => key) },
    };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { ok: false, stages: {}, stage: "localize", failure: toFailure(error) };
  }
}

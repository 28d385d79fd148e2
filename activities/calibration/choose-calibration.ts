import type { ResolvedBatch } from "../../schemas/batch.ts";
import type { CalibrationPointer } from "../../schemas/calibration.ts";
import { keys } from "../../schemas/names.ts";
import { findDocument, readDocument } from "../stage/documents.ts";
import { toJson } from "../stage/manifests.ts";
import type { StageDeps } from "../stage/run-stage.ts";
import { latestCalibration } from "./store-calibration.ts";

interface ChooseInput {
  readonly batch: string;
  readonly spec: string;
  /** Take the newest, whatever the batch had before. */
  readonly renew: boolean;
}

/**
 * Which calibration a batch takes its margins from: the one it had before, so that retries and
 * resubmissions give the same margins, else the newest of its collection, which it keeps. None
 * where the collection has none; the next run looks again.
 */
export function createChooseCalibration({ store }: Pick<StageDeps, "store">) {
  return async function chooseCalibration(input: ChooseInput): Promise<{ key?: string }> {
    const { collection } = await readDocument<ResolvedBatch>(store, input.spec);
    const path = keys.batchCalibration(input.batch);
    const pin = input.renew ? undefined : await findDocument<CalibrationPointer>(store, path);
    if (pin?.collection === collection) return { key: pin.key };
    const newest = await latestCalibration(store, collection);
    if (newest === undefined) return {};
    await store.put(path, toJson(newest));
    return { key: newest.key };
  };
}

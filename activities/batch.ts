import { CorruptData, InvalidInput } from "../domain/errors.ts";
import type { ResolvedBatch } from "../schemas/batch.ts";
import { keys } from "../schemas/names.ts";
import { batchStatus, type BatchStatus } from "../schemas/result.ts";
import type { BatchPlan } from "../schemas/stages.ts";
import type { VolumeRef } from "../schemas/volume.ts";
import { findDocument, readDocument } from "./stage/documents.ts";
import { toJson } from "./stage/manifests.ts";
import type { StageDeps } from "./stage/run-stage.ts";
import { compile } from "./validate.ts";

const parseStatus = compile<BatchStatus>(batchStatus);

/** Small reads and writes of a batch's documents. */
export function createBatchActivities({ store }: Pick<StageDeps, "store">) {
  return {
    /** What the workflow needs of the specification, and how the last run ended where one is continued. */
    async readBatch(input: { batch: string; spec: string; resume: boolean }): Promise<BatchPlan> {
      const { scans, segment, retention, localize, pretrain } = await readDocument<ResolvedBatch>(
        store,
        input.spec,
      );
      const earlier = input.resume
        ? await findDocument<BatchStatus>(store, keys.batchResult(input.batch))
        : undefined;
      return {
        scans: scans.map(({ id, box, labels }) => ({
          scan: id,
          withLabels: labels !== undefined,
          ...(box === undefined ? {} : { byHand: box }),
        })),
        ...(segment.model === undefined ? {} : { model: segment.model }),
        ...(localize.method === "windows" && localize.refine
          ? { refineFrom: pretrain.minScans }
          : {}),
        ...(localize.margin === "conformal" ? { conformal: true as const } : {}),
        ...(retention === undefined || retention.policy === "keep" ? {} : { retention }),
        ...(earlier === undefined ? {} : { earlier: parseStatus(earlier) }),
      };
    },

    /** What `status` reads once the batch is closed. */
    async saveBatch(status: BatchStatus): Promise<void> {
      await store.put(keys.batchResult(status.batch), toJson(parseStatus(status)));
    },

    /** Labels must lie on the scan's grid and be whole numbers. */
    async checkLabels(input: {
      scan: string;
      volume: VolumeRef;
      labels: VolumeRef;
    }): Promise<void> {
      const { scan, volume, labels } = input;
      if (volume.shape.join() !== labels.shape.join()) {
        throw new CorruptData(
          `${scan}: the labels have shape ${labels.shape.join("×")}, the scan ${volume.shape.join("×")}`,
        );
      }
      if (labels.dtype === "float32") {
        throw new InvalidInput(`${scan}: labels must be whole numbers, got float32`);
      }
    },
  };
}

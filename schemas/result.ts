import type { FromSchema, JSONSchema } from "json-schema-to-ts";
import { STAGES } from "./names.ts";
import { retained } from "./retention.ts";
import { preparedScan } from "./stages.ts";
import { box, contentKey, identifier } from "./shape.ts";
import { encoderRef } from "./volume.ts";

export const OUTCOMES = ["cropped", "kept-whole", "failed", "cancelled"] as const;

export const failure = {
  type: "object",
  required: ["type", "message", "retryable"],
  additionalProperties: false,
  properties: {
    type: { type: "string" },
    message: { type: "string" },
    retryable: { type: "boolean" },
  },
} as const satisfies JSONSchema;

/** How one stage of one scan ended: its key, whether it was computed, how long it took. */
const stageRecord = {
  type: "object",
  required: ["key", "reused", "seconds"],
  additionalProperties: false,
  properties: {
    key: { type: "string" },
    reused: { type: "boolean" },
    seconds: { type: "number" },
  },
} as const satisfies JSONSchema;

/** What a volume takes in the store: level 0, and with its coarser levels. */
const storedSize = {
  type: "object",
  required: ["level0Bytes", "bytes"],
  additionalProperties: false,
  properties: {
    level0Bytes: { type: "number" },
    bytes: { type: "number" },
    level0Objects: { type: "number" },
    objects: { type: "number" },
  },
} as const satisfies JSONSchema;

/** Where one scan of a batch is. */
export const scanStatus = {
  type: "object",
  required: ["scan", "state"],
  additionalProperties: false,
  properties: {
    scan: identifier,
    state: {
      type: "string",
      enum: ["waiting", "preparing", "prepared", "analysing", "settled"],
    },
    /** What it works on, or where it failed. */
    stage: { type: "string", enum: STAGES },
    outcome: { type: "string", enum: OUTCOMES },
    box,
    margin: box,
    keptFraction: { type: "number" },
    confidence: { type: "number" },
    reasons: { type: "array", items: { type: "string" } },
    candidates: { type: "object", additionalProperties: box },
    /** The calibration that the margin comes from; absent where it does not come from one. */
    calibration: contentKey,
    volume: { type: "string" },
    crop: { type: "string" },
    labels: { type: "string" },
    /** Bytes in the store of level 0 of the volume and of the crop. */
    volumeBytes: { type: "number" },
    cropBytes: { type: "number" },
    /** The same with all levels and numbers of objects; absent in results of earlier versions. */
    volumeStored: storedSize,
    cropStored: storedSize,
    /** What the batch's retention did with the whole volume. */
    retained,
    failure,
    stages: { type: "object", additionalProperties: stageRecord },
    prepared: preparedScan,
    /** Keys of the three axes' localize results, once they are there. */
    profiles: { type: "array", items: contentKey, minItems: 3, maxItems: 3 },
  },
} as const satisfies JSONSchema;

export const BATCH_OUTCOMES = ["running", "completed", "partial", "failed", "cancelled"] as const;

/** What `status` and `submit --wait --json` print, and what a closed batch leaves in the store. */
export const batchStatus = {
  $id: "batch-status",
  type: "object",
  required: ["batch", "outcome", "scans"],
  additionalProperties: false,
  properties: {
    batch: identifier,
    outcome: { type: "string", enum: BATCH_OUTCOMES },
    /** What the batch as a whole is doing or decided, in words. */
    note: { type: "string" },
    paused: { type: "boolean" },
    spec: { type: "string" },
    encoder: encoderRef,
    /** The refinement network that scans were analysed with. */
    refiner: contentKey,
    campaign: { type: "string" },
    scans: { type: "array", items: scanStatus },
  },
} as const satisfies JSONSchema;

export type Failure = FromSchema<typeof failure>;
export type ScanStatus = FromSchema<typeof scanStatus>;
export type BatchStatus = FromSchema<typeof batchStatus>;
export type ScanOutcome = (typeof OUTCOMES)[number];
export type BatchOutcome = (typeof BATCH_OUTCOMES)[number];
export type StoredSize = FromSchema<typeof storedSize>;
export type StageRecord = FromSchema<typeof stageRecord>;

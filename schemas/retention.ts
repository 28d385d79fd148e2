import type { FromSchema, JSONSchema } from "json-schema-to-ts";
import { contentKey, identifier } from "./shape.ts";

export const RETENTION_POLICIES = ["keep", "quarantine"] as const;

/** What becomes of a whole volume once its crop is safe. */
export const retentionParameters = {
  type: "object",
  additionalProperties: false,
  default: {},
  properties: {
    policy: {
      type: "string",
      enum: RETENTION_POLICIES,
      default: "keep",
      description:
        "keep: the whole volume stays. quarantine: once the batch has settled and the crop is verified, the whole volume is moved aside; only `microtome retention purge` deletes it.",
    },
    days: {
      type: "integer",
      minimum: 0,
      maximum: 36500,
      default: 30,
      description: "Days in quarantine before `microtome retention purge` offers it for deletion.",
    },
  },
} as const satisfies JSONSchema;

/**
 * Where a volume is on its way into quarantine and out of it. Exactly one of the two copies counts:
 *
 * - `copying`: the original; what lies in quarantine is not whole yet.
 * - `quarantined`: the copy; it was read back and compared, and the original goes or is gone.
 * - `restored`: the original again; the copy goes.
 * - `purging`, `purged`: neither; somebody said so.
 */
export const QUARANTINE_STATES = [
  "copying",
  "quarantined",
  "restored",
  "purging",
  "purged",
] as const;

/** `quarantine/<digest>/record.json`: written before anything moves, and after every step. */
export const quarantineRecord = {
  $id: "quarantine-record",
  type: "object",
  required: ["format", "volume", "state", "since", "until", "batch", "scan", "objects", "bytes"],
  additionalProperties: false,
  properties: {
    format: { const: 1 },
    volume: contentKey,
    state: { type: "string", enum: QUARANTINE_STATES },
    /** When it was moved, and until when it is not offered for deletion; ISO 8601. */
    since: { type: "string" },
    until: { type: "string" },
    /** The batch that asked for it, and the scan there. */
    batch: identifier,
    scan: identifier,
    /** Digest of the user's files. */
    source: { type: "string" },
    /** What was moved, manifests not counted. */
    objects: { type: "integer", minimum: 0 },
    bytes: { type: "integer", minimum: 0 },
    purgedAt: { type: "string" },
  },
} as const satisfies JSONSchema;

/** What retention did with the whole volume of a scan, and why where it did nothing. */
export const retained = {
  type: "object",
  required: ["state"],
  additionalProperties: false,
  properties: {
    state: { type: "string", enum: ["quarantined", "kept", "purged"] },
    until: { type: "string" },
    reason: { type: "string" },
  },
} as const satisfies JSONSchema;

/** What the activity `retain` needs to know. */
export const retainInput = {
  $id: "retain-input",
  type: "object",
  required: ["batch", "days"],
  additionalProperties: false,
  properties: { batch: identifier, days: { type: "integer", minimum: 0 } },
} as const satisfies JSONSchema;

export type Retention = { readonly policy: "keep" | "quarantine"; readonly days: number };
export type QuarantineRecord = FromSchema<typeof quarantineRecord>;
export type Retained = FromSchema<typeof retained>;
export type RetainInput = FromSchema<typeof retainInput>;

/** What became of each volume of a batch. */
export interface RetainResult {
  readonly scans: readonly { readonly scan: string; readonly retained: Retained }[];
}

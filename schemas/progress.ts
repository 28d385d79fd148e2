import type { FromSchema, JSONSchema } from "json-schema-to-ts";
import { STAGES } from "./names.ts";

/** What an activity's heartbeat says: for status and for Temporal's own UI. */
export const stageProgress = {
  $id: "stage-progress",
  type: "object",
  required: ["stage", "fraction"],
  additionalProperties: false,
  properties: {
    stage: { type: "string", enum: [...STAGES, "report", "retain"] },
    /** The scan, or the campaign or model where no single scan is worked on. */
    subject: { type: "string" },
    fraction: { type: "number", minimum: 0, maximum: 1 },
    note: { type: "string" },
  },
} as const satisfies JSONSchema;

export type StageProgress = FromSchema<typeof stageProgress>;

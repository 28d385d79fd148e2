import type { FromSchema, JSONSchema } from "json-schema-to-ts";
import { identifier } from "./shape.ts";
import { pretrainParameters } from "./batch.ts";

/** A campaign as a person asks for it: pretrain an encoder on the prepared scans of batches. */
export const campaignRequest = {
  $id: "campaign",
  type: "object",
  required: ["campaign", "batches"],
  additionalProperties: false,
  properties: {
    campaign: identifier,
    collection: { ...identifier, default: "default" },
    batches: {
      type: "array",
      minItems: 1,
      items: identifier,
      description: "Finished batches whose prepared scans are learned from.",
    },
    pretrain: pretrainParameters,
    warmStart: {
      type: "string",
      pattern: "^([0-9a-f]{64}|latest:[A-Za-z0-9][A-Za-z0-9._-]{0,99})$",
      description:
        "A published encoder to start from: its key, or `latest:<collection>`, the newest of that collection for the same view. It must be of the same architecture and width.",
    },
  },
} as const satisfies JSONSchema;

export type CampaignRequest = FromSchema<typeof campaignRequest>;

/** Where a campaign is. */
export interface CampaignProgress {
  readonly campaign: string;
  readonly state:
    "running" | "paused" | "finished" | "plateau" | "stopped" | "failed" | "cancelled";
  readonly step: number;
  readonly steps: number;
  readonly loss?: number;
  /** Share of angles told right (rotation). */
  readonly accuracy?: number;
  /** Mean distance of slices from their place, in positions (sorting). */
  readonly displacement?: number;
  /** The best that was measured on scans that are held out. */
  readonly best?: Validation;
  /** Whether the pretext is being solved by the container, after the last round. */
  readonly shortcut?: ShortcutReport;
  /** What happened in words, where it is more than training: that the campaign was begun anew. */
  readonly notes?: readonly string[];
  /** Key of the published encoder, once there is one. */
  readonly encoder?: string;
  /** One entry per finished round. */
  readonly rounds: readonly { readonly step: number; readonly loss: number }[];
}

/** The learning curve beside an encoder and in every checkpoint, thinned to a few hundred points. */
export interface LossCurve {
  readonly steps: readonly number[];
  readonly loss: readonly number[];
  readonly accuracy?: readonly number[];
  readonly displacement?: readonly number[];
  /** What was measured on scans that were held out. */
  readonly validations?: readonly Validation[];
}

/** What a pretext is solved by: the specimen, or the container; and what its embeddings tell. */
export interface ShortcutReport {
  readonly pretext: "rotation" | "sorting" | "simclr" | "mocov3";
  /**
   * Displacements in positions (sorting), probabilities and areas under the curve (rotation), shares
   * of slices whose place is told (whole slices).
   */
  readonly numbers: Readonly<Record<string, number>>;
  /** In sentences; none where nothing is wrong. */
  readonly warnings: readonly string[];
}

/** Loss and metrics on scans that are not trained on. */
export interface Validation {
  readonly step: number;
  readonly loss: number;
  readonly accuracy?: number;
  readonly displacement?: number;
}

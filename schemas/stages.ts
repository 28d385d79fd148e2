import type { FromSchema, JSONSchema } from "json-schema-to-ts";
import { pretrainParameters } from "./batch.ts";
import type { Retention } from "./retention.ts";
import { box, contentKey, identifier, zyxCount } from "./shape.ts";
import { type EncoderRef, encoderRef, viewRef, volumeRef } from "./volume.ts";
import type { ShortcutReport, Validation } from "./campaign.ts";
import type { BatchStatus } from "./result.ts";

/** What each activity needs to know, and nothing that it can look up. */

const scan = { batch: identifier, scan: identifier } as const;

/** One scan of a stored batch specification. */
export const scanInput = {
  $id: "scan-input",
  type: "object",
  required: ["batch", "scan", "spec"],
  additionalProperties: false,
  properties: {
    ...scan,
    spec: { type: "string", description: "Store key of the resolved batch." },
    /** Ingest the scan's label volume instead of the scan. */
    labels: { type: "boolean" },
  },
} as const satisfies JSONSchema;

export const downscaleInput = {
  $id: "downscale-input",
  type: "object",
  required: ["batch", "scan", "volume"],
  additionalProperties: false,
  properties: { ...scan, volume: volumeRef, labels: { type: "boolean" } },
} as const satisfies JSONSchema;

export const suppressInput = {
  $id: "suppress-input",
  type: "object",
  required: ["batch", "scan", "spec", "volume", "shapes"],
  additionalProperties: false,
  properties: {
    ...scan,
    spec: { type: "string" },
    volume: volumeRef,
    shapes: { type: "array", items: zyxCount, description: "Shape of each pyramid level." },
  },
} as const satisfies JSONSchema;

/** One scan ready to be learned from and localized. */
export const preparedScan = {
  type: "object",
  required: ["scan", "volume", "shapes", "view"],
  additionalProperties: false,
  properties: {
    scan: identifier,
    volume: volumeRef,
    shapes: { type: "array", items: zyxCount },
    view: viewRef,
    /** The volume of labels, where the batch gave one. */
    labels: volumeRef,
  },
} as const satisfies JSONSchema;

export const campaignSpec = {
  $id: "campaign-spec",
  type: "object",
  required: ["campaign", "key", "collection", "parameters", "views"],
  additionalProperties: false,
  properties: {
    campaign: identifier,
    key: contentKey,
    collection: identifier,
    parameters: pretrainParameters,
    /** The views trained on, in the order of their keys; scans only name them for a person. */
    views: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["scan", "key"],
        additionalProperties: false,
        properties: { scan: identifier, key: contentKey },
      },
    },
    /** An encoder to start from. */
    warmStart: contentKey,
  },
} as const satisfies JSONSchema;

export const roundInput = {
  $id: "round-input",
  type: "object",
  required: ["campaign", "seconds"],
  additionalProperties: false,
  properties: {
    campaign: identifier,
    /** The round ends at the first step after this long. */
    seconds: { type: "number", exclusiveMinimum: 0 },
  },
} as const satisfies JSONSchema;

export const localizeInput = {
  $id: "localize-input",
  type: "object",
  required: ["batch", "scan", "spec", "view", "encoder", "axis"],
  additionalProperties: false,
  properties: {
    ...scan,
    spec: { type: "string" },
    view: viewRef,
    encoder: encoderRef,
    axis: { type: "integer", enum: [0, 1, 2] },
  },
} as const satisfies JSONSchema;

/** One axis of a scan as a refinement network sees it. */
export const refinedAxisInput = {
  $id: "refined-axis-input",
  type: "object",
  required: ["batch", "scan", "view", "refiner", "axis"],
  additionalProperties: false,
  properties: {
    ...scan,
    view: viewRef,
    refiner: contentKey,
    axis: { type: "integer", enum: [0, 1, 2] },
  },
} as const satisfies JSONSchema;

/** The scans whose maps a refinement network is learned from. */
export const refineInput = {
  $id: "refine-input",
  type: "object",
  required: ["batch", "spec", "scans"],
  additionalProperties: false,
  properties: {
    batch: identifier,
    spec: { type: "string" },
    scans: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["scan", "view", "profiles"],
        additionalProperties: false,
        properties: {
          scan: identifier,
          view: viewRef,
          /** Keys of the three axes' localize results. */
          profiles: { type: "array", items: contentKey, minItems: 3, maxItems: 3 },
        },
      },
    },
  },
} as const satisfies JSONSchema;

export const reconcileInput = {
  $id: "reconcile-input",
  type: "object",
  required: ["batch", "scan", "spec", "prepared", "profiles"],
  additionalProperties: false,
  properties: {
    ...scan,
    spec: { type: "string" },
    prepared: preparedScan,
    /** Keys of the three axes' localize results; empty where no encoder is used. */
    profiles: { type: "array", items: contentKey, maxItems: 3 },
    encoder: encoderRef,
    /** Keys of the three axes' probabilities, where a refinement network was learned. */
    refined: { type: "array", items: contentKey, minItems: 3, maxItems: 3 },
    /** The calibration that the batch uses, where a conformal margin is asked for. */
    calibration: contentKey,
    /** The box by hand. */
    byHand: box,
  },
} as const satisfies JSONSchema;

export const cropInput = {
  $id: "crop-input",
  type: "object",
  required: ["batch", "scan", "volume", "box", "margin", "confidence", "reconcile"],
  additionalProperties: false,
  properties: {
    ...scan,
    volume: volumeRef,
    box,
    margin: box,
    confidence: { type: "number" },
    reconcile: contentKey,
    encoder: contentKey,
  },
} as const satisfies JSONSchema;

export const segmentSpec = {
  $id: "segment",
  type: "object",
  description: "A segmentation model: an encoder fine-tuned on labelled crops of a batch.",
  required: ["model", "batch"],
  additionalProperties: false,
  properties: {
    model: identifier,
    batch: {
      ...identifier,
      description: "A finished batch whose scans carry labels; their crops are learned from.",
    },
    encoder: {
      type: "string",
      minLength: 1,
      description:
        "Key of a pretrained encoder, or `latest:<collection>`; without, the network starts from random weights.",
    },
    architecture: {
      type: "string",
      enum: ["unet"],
      default: "unet",
      description: "A U-Net whose encoder is the pretrained ResNet.",
    },
    steps: { type: "integer", minimum: 1, default: 300, description: "Optimizer steps." },
    batchSize: {
      type: "integer",
      minimum: 1,
      maximum: 256,
      default: 8,
      description: "Patches per step.",
    },
    rate: {
      type: "number",
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.001,
      description: "Peak learning rate of Adam.",
    },
    imageSize: {
      type: "integer",
      minimum: 32,
      maximum: 1024,
      default: 96,
      description: "Side of a training patch in pixels; a multiple of 32.",
      multipleOf: 32,
    },
    validationFraction: {
      type: "number",
      minimum: 0,
      maximum: 0.9,
      default: 0.25,
      description: "Share of the scans held out to measure on; at least one where there are two.",
    },
    seed: {
      type: "integer",
      minimum: 0,
      maximum: 4294967295,
      default: 0,
      description: "Of the split, the patches and the decoder's first weights.",
    },
  },
} as const satisfies JSONSchema;

/** What training a segmentation model reads, resolved from its specification. */
export const trainSegmentationInput = {
  $id: "train-segmentation-input",
  type: "object",
  required: ["spec", "key"],
  additionalProperties: false,
  properties: { spec: { type: "string" }, key: contentKey },
} as const satisfies JSONSchema;

export const applySegmentationInput = {
  $id: "apply-segmentation-input",
  type: "object",
  required: ["batch", "scan", "model", "crop"],
  additionalProperties: false,
  properties: {
    ...scan,
    model: { type: "string", description: "Name or key of the model." },
    crop: contentKey,
  },
} as const satisfies JSONSchema;

export type ScanInput = FromSchema<typeof scanInput>;
export type DownscaleInput = FromSchema<typeof downscaleInput>;
export type SuppressInput = FromSchema<typeof suppressInput>;
export type PreparedScan = FromSchema<typeof preparedScan>;
export type CampaignSpec = FromSchema<typeof campaignSpec>;
export type RoundInput = FromSchema<typeof roundInput>;
export type LocalizeInput = FromSchema<typeof localizeInput>;
export type RefinedAxisInput = FromSchema<typeof refinedAxisInput>;
export type RefineInput = FromSchema<typeof refineInput>;
export type ReconcileInput = FromSchema<typeof reconcileInput>;
export type CropInput = FromSchema<typeof cropInput>;
export type SegmentSpec = FromSchema<typeof segmentSpec>;
export type TrainSegmentationInput = FromSchema<typeof trainSegmentationInput>;
export type ApplySegmentationInput = FromSchema<typeof applySegmentationInput>;

/** What an activity tells the workflow: small, and whether anything had to be computed. */
export interface StageResult<R> {
  readonly key: string;
  readonly reused: boolean;
  readonly seconds: number;
  readonly result: R;
}

type Zyx = readonly [number, number, number];
type Box = readonly [
  readonly [number, number],
  readonly [number, number],
  readonly [number, number],
];

export interface DownscaleResult {
  readonly shapes: readonly Zyx[];
  /** Bytes in the store over all levels, and of level 0. */
  readonly bytes: number;
  readonly level0Bytes: number;
  /** Objects in the store, likewise; absent in results of earlier versions. */
  readonly objects?: number;
  readonly level0Objects?: number;
}

export interface RoundResult {
  readonly step: number;
  readonly loss: number;
  readonly state: "running" | "finished" | "plateau";
  /** Share of angles told right (rotation). */
  readonly accuracy?: number;
  /** Mean distance of slices from their place, in positions (sorting). */
  readonly displacement?: number;
  /** The published encoder, once the campaign has finished. */
  readonly encoder?: EncoderRef;
  /** The best so far on scans that are held out. */
  readonly best?: Validation;
  /** Whether the pretext is being solved by the container. */
  readonly shortcut?: ShortcutReport;
  /** What happened in words, where it is more than training: the campaign was begun anew. */
  readonly note?: string;
}

/** Which encoder a batch localizes with, and why. */
export type EncoderChoice =
  | {
      readonly kind: "use";
      readonly encoder: EncoderRef;
      /** The refinement network that was learned with it for this batch. */
      readonly refiner?: string;
      readonly note: string;
    }
  | {
      readonly kind: "train";
      readonly campaign: string;
      readonly steps: number;
      readonly note: string;
    }
  | { readonly kind: "none"; readonly reason: string };

/** What a batch workflow needs of its specification. */
export interface BatchPlan {
  readonly scans: readonly {
    readonly scan: string;
    readonly byHand?: Box;
    readonly withLabels: boolean;
  }[];
  readonly model?: string;
  /** Learn a refinement network from at least so many scans' maps; absent: never. */
  readonly refineFrom?: number;
  /** Margins are to come from a calibration. */
  readonly conformal?: true;
  /** Only where something is to be moved aside. */
  readonly retention?: Retention;
  /** The stored status of the batch's last run, when it is continued. */
  readonly earlier?: BatchStatus;
}

export interface RefineResult {
  readonly refiner: string;
  /** The scans that had voxels which are surely specimen, of those that were looked at. */
  readonly scans: number;
  readonly lookedAt: number;
  readonly loss: number;
  /** Mean of the probabilities that voxels get which are surely specimen or not, 0.5 to 1. */
  readonly certainty: number;
}

export interface ReconcileResult {
  readonly outcome: "cropped" | "kept-whole";
  readonly box?: Box;
  readonly margin?: Box;
  readonly confidence: number;
  /** In words: what decided, what was noticed. */
  readonly reasons: readonly string[];
  readonly touchesBorder: boolean;
  /** The calibration that the margin comes from; absent where it does not come from one. */
  readonly calibration?: string;
  /** The boxes of the single localizers, for the report. */
  readonly candidates: Readonly<Record<string, Box>>;
}

export interface CropResult {
  readonly crop: string;
  readonly shape: Zyx;
  readonly keptFraction: number;
  readonly bytes: number;
  readonly level0Bytes: number;
  readonly objects: number;
  /** Of level 0 alone; absent in results of earlier versions. */
  readonly level0Objects?: number;
}

export interface SegmentationModelResult {
  readonly model: string;
  readonly classes: readonly number[];
  /** Intersection over union per class on the held-out scans (or the training scans, when none was held out). */
  readonly iou: Readonly<Record<string, number>>;
  readonly meanIou: number;
  readonly validationScans: readonly string[];
  readonly trainingScans: readonly string[];
}

export interface SegmentationResult {
  readonly labels: string;
  readonly voxels: Readonly<Record<string, number>>;
}

import type { FromSchema, JSONSchema } from "json-schema-to-ts";
import { contentKey, identifier } from "./shape.ts";
import { encoderRef } from "./volume.ts";

const share = { type: "number", minimum: 0, maximum: 1 } as const satisfies JSONSchema;

/** A scan whose truth is known, and how it was found. */
const calibratedScan = {
  type: "object",
  required: ["scan", "batch", "volume", "worstCut", "face", "confidence", "sides", "learnedFrom"],
  additionalProperties: false,
  properties: {
    scan: identifier,
    batch: identifier,
    /** Digest of the volume: the same scan under another name is the same scan. */
    volume: contentKey,
    /** How far the worst face of the found box cuts into the true one, as a share of the axis; negative is slack. */
    worstCut: { type: "number", minimum: -1, maximum: 1 },
    /** Which face that is. */
    face: {
      type: "string",
      enum: ["z low", "z high", "y low", "y high", "x low", "x high"],
    },
    confidence: share,
    /** Sides of the found box along z, y, x as shares of the axes. */
    sides: {
      type: "array",
      items: [share, share, share],
      minItems: 3,
      maxItems: 3,
      additionalItems: false,
    },
    /** The encoder or the refinement network was learned from this scan, too. */
    learnedFrom: { type: "boolean" },
  },
} as const satisfies JSONSchema;

/**
 * How well one localizer finds the specimens of one collection: what a margin with a confidence is
 * made of. Never changed once it is written; its key is the digest of its JSON.
 */
export const calibration = {
  $id: "calibration",
  type: "object",
  required: ["version", "collection", "made", "localizer", "asked", "scans"],
  additionalProperties: false,
  properties: {
    version: { const: 1 },
    collection: identifier,
    /** When, ISO 8601. */
    made: { type: "string" },
    /** What found the boxes: every parameter, version and network that they depend on. */
    localizer: { type: "object", additionalProperties: { type: ["string", "number"] } },
    encoder: encoderRef,
    refiner: contentKey,
    /** Digests of the parameters that asked for encoder and refinement. */
    asked: {
      type: "object",
      required: ["pretrain", "refine"],
      additionalProperties: false,
      properties: { pretrain: contentKey, refine: contentKey },
    },
    scans: { type: "array", minItems: 1, maxItems: 100000, items: calibratedScan },
  },
} as const satisfies JSONSchema;

export type Calibration = FromSchema<typeof calibration>;
export type CalibratedScan = FromSchema<typeof calibratedScan>;
/** What found a box: names of parameters, versions and networks, and their values. */
export type Localizer = Readonly<Record<string, string | number>>;

/** The pointer to a calibration: of a collection the newest, of a batch the one that it uses. */
export interface CalibrationPointer {
  readonly collection: string;
  readonly key: string;
}

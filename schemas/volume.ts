import type { FromSchema, JSONSchema } from "json-schema-to-ts";
import { contentKey, dtype, zyxCount, zyxMicrometres } from "./shape.ts";

/** A scan in the store: which, and what a caller must know before reading voxels. */
export const volumeRef = {
  type: "object",
  required: ["digest", "shape", "dtype", "voxelSizeUm"],
  additionalProperties: false,
  properties: {
    digest: contentKey,
    shape: zyxCount,
    dtype,
    voxelSizeUm: zyxMicrometres,
  },
} as const satisfies JSONSchema;

/** A volume with its container suppressed and binned: what localization looks at. */
export const viewRef = {
  type: "object",
  required: ["key", "level", "bin", "shape", "container"],
  additionalProperties: false,
  properties: {
    key: contentKey,
    /** The pyramid level the view was made from. */
    level: { type: "integer", minimum: 0 },
    /** Voxels of that level per voxel of the view. */
    bin: { type: "integer", minimum: 1 },
    shape: zyxCount,
    container: { type: "string", description: "What was found: tube, none." },
  },
} as const satisfies JSONSchema;

/** A trained encoder in the store. */
export const encoderRef = {
  type: "object",
  required: ["key", "view", "pretext", "encoder"],
  additionalProperties: false,
  properties: {
    key: contentKey,
    view: { type: "string", enum: ["windows", "slices"] },
    pretext: { type: "string", enum: ["rotation", "sorting", "simclr", "mocov3"] },
    encoder: { type: "string" },
  },
} as const satisfies JSONSchema;

export type VolumeRef = FromSchema<typeof volumeRef>;
export type ViewRef = FromSchema<typeof viewRef>;
export type EncoderRef = FromSchema<typeof encoderRef>;

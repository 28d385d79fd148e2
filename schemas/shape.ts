import type { JSONSchema } from "json-schema-to-ts";

/** Numbers per axis in the order z, y, x. */
export const zyxCount = {
  type: "array",
  description: "Voxels along z, y, x.",
  items: [
    { type: "integer", minimum: 1 },
    { type: "integer", minimum: 1 },
    { type: "integer", minimum: 1 },
  ],
  minItems: 3,
  maxItems: 3,
  additionalItems: false,
} as const satisfies JSONSchema;

/** Micrometres per voxel along z, y, x. */
export const zyxMicrometres = {
  type: "array",
  description: "Micrometres per voxel along z, y, x.",
  items: [
    { type: "number", exclusiveMinimum: 0 },
    { type: "number", exclusiveMinimum: 0 },
    { type: "number", exclusiveMinimum: 0 },
  ],
  minItems: 3,
  maxItems: 3,
  additionalItems: false,
} as const satisfies JSONSchema;

const interval = {
  type: "array",
  items: [
    { type: "integer", minimum: 0 },
    { type: "integer", minimum: 0 },
  ],
  minItems: 2,
  maxItems: 2,
  additionalItems: false,
} as const satisfies JSONSchema;

/** Half-open voxel intervals per axis at level 0; also a margin, as [low face, high face] per axis. */
export const box = {
  type: "array",
  description: "Half-open voxel intervals [[z0,z1],[y0,y1],[x0,x1]] at full resolution.",
  items: [interval, interval, interval],
  minItems: 3,
  maxItems: 3,
  additionalItems: false,
} as const satisfies JSONSchema;

export const dtype = {
  type: "string",
  description: "How a voxel is stored.",
  enum: ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"],
} as const satisfies JSONSchema;

/** A sha256 in hexadecimal: the name of a stage's result. */
export const contentKey = {
  type: "string",
  pattern: "^[0-9a-f]{64}$",
} as const satisfies JSONSchema;

/** The name of a scan, a batch, a campaign or a model. */
export const identifier = {
  type: "string",
  description: "1 to 100 of A-Z a-z 0-9 . _ -, not starting with a dot.",
  pattern: "^(?!\\.)[A-Za-z0-9._-]{1,100}$",
} as const satisfies JSONSchema;

import type { FromSchema, JSONSchema } from "json-schema-to-ts";
import { zyxCount } from "./shape.ts";

/** The result of localizing one axis, as it lies in the store. */
export const certainty = {
  $id: "certainty",
  type: "object",
  required: ["axis", "profile", "offset", "stride"],
  additionalProperties: false,
  properties: {
    axis: { type: "integer", minimum: 0, maximum: 2 },
    /** One number per scored slice: value i belongs to slice `offset + stride·i` of the view. */
    profile: { type: "array", items: { type: "number" }, minItems: 1 },
    offset: { type: "integer", minimum: 0 },
    stride: { type: "integer", minimum: 1 },
    map: {
      type: "object",
      required: ["shape", "offset", "stride", "values"],
      additionalProperties: false,
      properties: {
        shape: zyxCount,
        offset: { type: "integer", minimum: 0 },
        stride: { type: "integer", minimum: 1 },
        values: { type: "array", items: { type: "number" } },
      },
    },
    windowRadius: { type: "number", exclusiveMinimum: 0 },
  },
} as const satisfies JSONSchema;

export type CertaintyDocument = FromSchema<typeof certainty>;

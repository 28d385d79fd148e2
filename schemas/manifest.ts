import type { FromSchema, JSONSchema } from "json-schema-to-ts";
import { STAGES } from "./names.ts";
import { contentKey } from "./shape.ts";

/** What a stage commits last. It exists if and only if the stage's result is whole. */
export const manifest = {
  $id: "manifest",
  type: "object",
  required: ["stage", "key", "parts", "result", "outputs", "run"],
  additionalProperties: false,
  properties: {
    stage: { type: "string", enum: STAGES },
    key: contentKey,
    parts: {
      type: "object",
      description: "What the key is the digest of.",
      required: ["stage", "version", "parameters", "inputs"],
      additionalProperties: false,
      properties: {
        stage: { type: "string", enum: STAGES },
        version: { type: "integer", minimum: 1 },
        parameters: { type: "object" },
        inputs: { type: "object", additionalProperties: { type: ["string", "array"] } },
      },
    },
    result: { type: "object", description: "Small numbers and keys; the stage knows which." },
    outputs: {
      type: "array",
      description: "Every object of the result, so that verify can read them again.",
      items: {
        type: "object",
        required: ["key", "bytes"],
        additionalProperties: false,
        properties: {
          key: { type: "string", minLength: 1 },
          bytes: { type: "integer", minimum: 0 },
          sha256: { type: "string", pattern: "^[0-9a-f]{64}$" },
        },
      },
    },
    run: {
      type: "object",
      description: "Who made it and how long it took; not part of the key.",
      required: ["startedAt", "seconds", "host", "attempt"],
      additionalProperties: false,
      properties: {
        startedAt: { type: "string" },
        seconds: { type: "number", minimum: 0 },
        host: { type: "string" },
        attempt: { type: "integer", minimum: 1 },
      },
    },
  },
} as const satisfies JSONSchema;

export type Manifest = FromSchema<typeof manifest>;
export type KeyParts = Manifest["parts"];
export type Output = Manifest["outputs"][number];

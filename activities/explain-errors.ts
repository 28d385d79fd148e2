import type { AnySchemaObject, ErrorObject } from "ajv";
import { describeSchema } from "./describe-schema.ts";

/** Longer values would hide the sentence they stand in. */
const MAX_VALUE = 80;

/**
 * Every error of an ajv validation as one line: where (a JSON pointer), what is there, and what was
 * expected, as in `/scans/0/voxelSizeUm/1: got "five", expected a number > 0`.
 *
 * Expectations are whole only for errors made with ajv's `verbose: true` (they then carry their
 * schema); without, each line names the rule that was broken. The branches of an `anyOf` are one
 * line, and no line is printed twice.
 */
export function explainErrors(errors: readonly ErrorObject[], value: unknown): string[] {
  const lines = errors
    .filter((error) => !belongsToAnyOf(error, errors))
    .map((error) => explain(error, value));
  return [...new Set(lines)];
}

function explain(error: ErrorObject, value: unknown): string {
  const parent = error.parentSchema;
  switch (error.keyword) {
    case "required": {
      const name = String(error.params["missingProperty"]);
      const property = propertiesOf(parent)[name];
      const expected = property === undefined ? "" : `, expected ${describeSchema(property)}`;
      return `${pointer(error.instancePath, name)}: missing${expected}`;
    }
    case "additionalProperties": {
      const name = String(error.params["additionalProperty"]);
      const known = Object.keys(propertiesOf(parent));
      const expected =
        known.length === 0 ? "no such field is expected" : `expected one of ${known.join(", ")}`;
      return `${pointer(error.instancePath, name)}: unknown field, ${expected}`;
    }
    default: {
      const expected = parent === undefined ? undefined : describeSchema(parent);
      return `${error.instancePath || "/"}: got ${show(valueAt(value, error.instancePath))}, ${
        expected === undefined ? (error.message ?? error.keyword) : `expected ${expected}`
      }`;
    }
  }
}

/** The errors of single branches say less than their `anyOf`, which lists what all branches expect. */
function belongsToAnyOf(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  return all.some(
    (other) =>
      other.keyword === "anyOf" &&
      other !== error &&
      error.schemaPath.startsWith(`${other.schemaPath}/`) &&
      error.instancePath.startsWith(other.instancePath),
  );
}

function propertiesOf(schema: AnySchemaObject | undefined): Record<string, AnySchemaObject> {
  return (schema?.["properties"] ?? {}) as Record<string, AnySchemaObject>;
}

/** A JSON pointer one name further. */
function pointer(path: string, name: string): string {
  return `${path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const step of path.split("/").slice(1)) {
    if (at === null || typeof at !== "object") return undefined;
    at = (at as Record<string, unknown>)[step.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return at;
}

function show(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE - 1)}…`;
}

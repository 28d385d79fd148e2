import type { AnySchemaObject } from "ajv";

const MOST_CHOICES = 12;

/** What a JSON Schema expects, in a few plain words: `a number > 0`, `one of "a", "b"`. */
export function describeSchema(schema: AnySchemaObject): string {
  const { type, anyOf, description } = schema as {
    type?: string | string[];
    anyOf?: AnySchemaObject[];
    description?: string;
  };
  if (Array.isArray(schema["enum"])) return describeChoices(schema["enum"]);
  if ("const" in schema) return JSON.stringify(schema["const"]);
  if (anyOf !== undefined) return anyOf.map(describeSchema).join(" or ");
  switch (type) {
    case "integer":
      return `a whole number${describeRange(schema)}`;
    case "number":
      return `a number${describeRange(schema)}`;
    case "boolean":
      return "true or false";
    case "object":
      return "an object";
    case "array":
      return describeList(schema);
    case "string":
      if (schema["pattern"] !== undefined) return description ?? `text like ${schema["pattern"]}`;
      return schema["minLength"] === undefined ? "text" : "text that is not empty";
    case undefined:
    default:
      return Array.isArray(type) ? type.join(" or ") : (description ?? "something else");
  }
}

function describeChoices(choices: readonly unknown[]): string {
  const shown = choices.slice(0, MOST_CHOICES).map((choice) => JSON.stringify(choice));
  if (shown.length < choices.length) shown.push("…");
  return shown.length === 1 ? shown[0]! : `one of ${shown.join(", ")}`;
}

function describeRange(schema: AnySchemaObject): string {
  const bounds = [
    ["exclusiveMinimum", ">"],
    ["minimum", "≥"],
    ["exclusiveMaximum", "<"],
    ["maximum", "≤"],
  ] as const;
  const words = bounds
    .filter(([keyword]) => typeof schema[keyword] === "number")
    .map(([keyword, sign]) => `${sign} ${String(schema[keyword])}`);
  return words.length === 0 ? "" : ` ${words.join(" and ")}`;
}

function describeList(schema: AnySchemaObject): string {
  const { items, minItems, maxItems } = schema as {
    items?: AnySchemaObject | AnySchemaObject[];
    minItems?: number;
    maxItems?: number;
  };
  const count =
    minItems === maxItems && minItems !== undefined
      ? `${minItems}`
      : [
          minItems === undefined ? [] : `${minItems} or more`,
          maxItems === undefined ? [] : `at most ${maxItems}`,
        ]
          .flat()
          .join(", ");
  const first = Array.isArray(items) ? items[0] : items;
  const what = first === undefined ? "" : `, each ${describeSchema(first)}`;
  return `a list${count === "" ? "" : ` of ${count}`}${what}`;
}

import { readdirSync, readFileSync } from "node:fs";
import { Ajv, type AnySchemaObject } from "ajv";
import { describe, expect, it } from "vitest";
import { contentKey } from "../../activities/stage/content-key.ts";
import { batchSpec } from "../../schemas/batch.ts";
import { campaignRequest } from "../../schemas/campaign.ts";
import { certainty } from "../../schemas/certainty.ts";
import { manifest, type Manifest } from "../../schemas/manifest.ts";
import { stageProgress } from "../../schemas/progress.ts";
import { batchStatus } from "../../schemas/result.ts";
import { segmentSpec } from "../../schemas/stages.ts";

const folder = new URL("../../schemas/examples/", import.meta.url);
const CONTRACTS: readonly AnySchemaObject[] = [
  batchSpec,
  campaignRequest,
  segmentSpec,
  manifest,
  batchStatus,
  certainty,
  stageProgress,
];

type Json = { [name: string]: unknown };
const example = (name: string) =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as Json;
const check = (schema: AnySchemaObject) => {
  const validate = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true }).compile(
    schema,
  );
  return (value: unknown) => (validate(value) ? [] : (validate.errors ?? []));
};

it("has one document for every contract, and no other", () => {
  const files = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
  expect(files.sort()).toEqual(CONTRACTS.map(({ $id }) => $id!).sort());
});

describe.each(CONTRACTS.map((schema) => [schema.$id!, schema] as const))("%s", (name, schema) => {
  it("accepts its example", () => {
    expect(check(schema)(example(name))).toEqual([]);
  });

  it("refuses an unknown property, at the top and in every part that it describes", () => {
    const validate = check(schema);
    const copy = example(name);
    for (const [path, part] of describedParts(schema, copy)) {
      part["surprise"] = 1;
      expect(
        validate(copy).map(({ keyword, instancePath }) => `${keyword} ${instancePath}`),
        path,
      ).toContain(`additionalProperties ${path}`);
      delete part["surprise"];
      expect(validate(copy)).toEqual([]);
    }
  });

  it("misses every property that it requires", () => {
    const validate = check(schema);
    for (const required of schema["required"] as string[]) {
      const rest = example(name);
      delete rest[required];
      expect(validate(rest).map(({ params }) => params["missingProperty"] as string)).toEqual([
        required,
      ]);
    }
  });
});

it("names the manifest by the digest of its parts", () => {
  const { key, parts } = example("manifest") as Manifest;
  expect(contentKey(parts)).toBe(key);
});

/** Every object of a document whose properties its schema lists, with its JSON pointer. */
function describedParts(schema: AnySchemaObject, value: unknown, path = ""): [string, Json][] {
  if (value === null || typeof value !== "object") return [];
  if (Array.isArray(value)) {
    const { items } = schema as { items?: AnySchemaObject | AnySchemaObject[] };
    if (items === undefined || Array.isArray(items)) return [];
    return value.flatMap((item, i) => describedParts(items, item, `${path}/${i}`));
  }
  const { properties } = schema as { properties?: Record<string, AnySchemaObject> };
  if (properties === undefined) return [];
  return [
    [path, value as Json],
    ...Object.entries(value).flatMap(([name, member]) => {
      const inner = properties[name];
      return inner === undefined ? [] : describedParts(inner, member, `${path}/${name}`);
    }),
  ];
}

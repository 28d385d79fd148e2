import { Ajv, type AnySchemaObject } from "ajv";
import { describe, expect, it } from "vitest";
import * as batch from "../../schemas/batch.ts";
import * as campaign from "../../schemas/campaign.ts";
import * as certainty from "../../schemas/certainty.ts";
import * as manifest from "../../schemas/manifest.ts";
import * as progress from "../../schemas/progress.ts";
import * as result from "../../schemas/result.ts";
import * as retention from "../../schemas/retention.ts";
import * as shape from "../../schemas/shape.ts";
import * as stages from "../../schemas/stages.ts";
import * as volume from "../../schemas/volume.ts";
import { keys } from "../../schemas/names.ts";
import { checkKey } from "../../activities/stores/key.ts";

const modules = {
  ...{ batch, campaign, certainty, manifest, progress, result, retention, shape, stages, volume },
};

const SCHEMAS = Object.entries(modules).flatMap(([file, module]) =>
  Object.entries(module)
    .filter(([, value]) => typeof value === "object" && "type" in value)
    .map(([name, value]) => [`${file}.${name}`, value as AnySchemaObject] as const),
);

const compile = (schema: AnySchemaObject) =>
  new Ajv({ strict: true, allowUnionTypes: true, useDefaults: true }).compile(schema);

it("finds the schemas", () => {
  expect(SCHEMAS.length).toBeGreaterThan(25);
  expect(SCHEMAS.map(([name]) => name)).toContain("stages.cropInput");
});

describe.each(SCHEMAS)("%s", (_name, schema) => {
  it("compiles in ajv's strict mode", () => {
    // As a part, which is how schemas without an $id are used: a default at the root has no meaning.
    const used =
      schema.$id === undefined ? { type: "object", properties: { part: schema } } : schema;
    expect(() => compile(used)).not.toThrow();
  });

  it("lists every property of every object, or is open on purpose", () => {
    const open: unknown[] = [];
    const visit = (value: unknown): void => {
      if (value === null || typeof value !== "object") return;
      const { properties, additionalProperties } = value as AnySchemaObject;
      if (properties !== undefined && additionalProperties !== false) open.push(properties);
      Object.values(value).forEach(visit);
    };
    visit(schema);
    expect(open).toEqual([]);
  });
});

it("gives every $id to one schema", () => {
  const ids = new Map<string, AnySchemaObject>();
  for (const [, schema] of SCHEMAS) {
    if (schema.$id === undefined) continue;
    expect(ids.get(schema.$id) ?? schema, schema.$id).toBe(schema);
    ids.set(schema.$id, schema);
  }
});

describe("a batch of a name and one source", () => {
  const validate = compile(batch.batchSpec);

  it("has every default spelled out, and each default is valid", () => {
    const minimal: Record<string, unknown> = { batch: "b", scans: [{ source: "x.tif" }] };
    expect(validate(minimal)).toBe(true);
    expect(minimal).toMatchObject({
      collection: "default",
      scans: [{ source: "x.tif", allowMissingSlices: false }],
      downscale: { targetSize: 128 },
      container: { suppress: "auto" },
      pretrain: { pretext: "rotation", steps: 1200, minScans: 4, seed: 0 },
      localize: { method: "windows", margin: 0.04, minConfidence: 0.25 },
      crop: { uniform: false },
      segment: {},
      retention: { policy: "keep", days: 30 },
    });
    expect(validate(structuredClone(minimal))).toBe(true);
  });

  it.each([
    ["no scans", { scans: [] }],
    ["a name with a slash", { batch: "a/b" }],
    ["a name that begins with a dot", { batch: ".hidden" }],
    ["a name of 101 letters", { batch: "x".repeat(101) }],
    ["an empty source", { scans: [{ source: "" }] }],
    ["a voxel size of 0", { scans: [{ source: "x", voxelSizeUm: [1, 0, 1] }] }],
    ["a voxel size along two axes", { scans: [{ source: "x", voxelSizeUm: [1, 1] }] }],
    ["a box below zero", { scans: [{ source: "x", box: [[-1, 2], [0, 1], [0, 1]] }] }], // prettier-ignore
    ["a box of fractions", { scans: [{ source: "x", box: [[0.5, 2], [0, 1], [0, 1]] }] }], // prettier-ignore
    ["a margin of more than a half", { localize: { margin: 0.6 } }],
    ["a margin in words", { localize: { margin: "wide" } }],
    ["steps that are no whole number", { pretrain: { steps: 1.5 } }],
    ["a seed below zero", { pretrain: { seed: -1 } }],
  ])("is refused with %s", (_what, change) => {
    expect(validate({ batch: "b", scans: [{ source: "x" }], ...change })).toBe(false);
  });
});

it("makes store keys that every store can hold, of the longest names", () => {
  const id = "x".repeat(100);
  const digest = "a".repeat(64);
  const made = [
    keys.volume(digest),
    keys.cropRecord(digest),
    keys.manifest("segment", digest),
    keys.modelName(id),
    keys.campaignSpec(id),
    keys.latestEncoder(id, "windows"),
    keys.batchSpec(id, digest),
    keys.batchPin(id),
    keys.report(id),
    keys.quarantineRecord(digest),
    keys.quarantinedVolume(digest),
    keys.quarantinedManifest(digest, "downscale", digest),
    keys.damaged(keys.manifest("downscale", digest)),
  ];
  for (const key of made) expect(checkKey(key)).toBe(key);
  expect(new Set(made).size).toBe(made.length);
});

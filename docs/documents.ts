import { batchSpec } from "../schemas/batch.ts";
import { campaignRequest } from "../schemas/campaign.ts";
import { segmentSpec } from "../schemas/stages.ts";

/** As much of JSON Schema as the tables need. */
interface Field {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Field[];
  readonly items?: Field | readonly Field[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly properties?: Readonly<Record<string, Field>>;
  readonly required?: readonly string[];
}

/** The documents that are made from the schemas; a test keeps them and the files the same. */
export const DOCUMENTS = [
  {
    file: "batch-file.md",
    text: page(
      "The batch file",
      "JSON or YAML. Only `batch` and `scans` with a `source` each are required; everything else has a default. `--set path=value` changes a field from the command line. An invalid file is refused before anything starts, with every mistake at once.",
      batchSpec,
    ),
  },
  {
    file: "campaign-file.md",
    text: page(
      "The campaign file",
      "What `microtome campaign start` reads: pretrain an encoder on the prepared scans of finished batches.",
      campaignRequest,
    ),
  },
  {
    file: "segmentation-file.md",
    text: page(
      "The segmentation file",
      "What `microtome segment train` reads: fine-tune a U-Net on the labelled crops of a finished batch.",
      segmentSpec,
    ),
  },
] as const;

function page(title: string, introduction: string, schema: Field): string {
  return [
    `# ${title}`,
    "",
    "<!-- Made by `npm run docs` from the schemas. Do not edit. -->",
    "",
    introduction,
    "",
    "| field | type | default | meaning |",
    "| --- | --- | --- | --- |",
    ...rows(schema, "").map((cells) => `| ${cells.join(" | ")} |`),
    "",
  ].join("\n");
}

function rows(schema: Field, path: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const here = path === "" ? name : `${path}.${name}`;
    const items = Array.isArray(field.items) ? undefined : (field.items as Field | undefined);
    const own = [
      `\`${here}\``,
      typeOf(field),
      defaultOf(field, schema.required?.includes(name) === true),
      field.description ?? "",
    ];
    if (field.properties !== undefined) {
      const heading = field.description === undefined ? [] : [own];
      return [...heading, ...rows(field, here)];
    }
    return items?.properties === undefined ? [own] : [own, ...rows(items, `${here}[]`)];
  });
}

function typeOf(field: Field): string {
  if (field.enum !== undefined) return field.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (field.const !== undefined) return `\`${String(field.const)}\``;
  if (field.anyOf !== undefined) return field.anyOf.map(typeOf).join(" or ");
  const range = [
    field.exclusiveMinimum === undefined ? [] : [`> ${field.exclusiveMinimum}`],
    field.minimum === undefined ? [] : [`≥ ${field.minimum}`],
    field.maximum === undefined ? [] : [`≤ ${field.maximum}`],
  ].flat();
  return [String(field.type ?? "any"), ...range].join(" ");
}

function defaultOf(field: Field, required: boolean): string {
  if (required) return "required";
  if (field.default === undefined || typeof field.default === "object") return "";
  return `\`${JSON.stringify(field.default)}\``;
}

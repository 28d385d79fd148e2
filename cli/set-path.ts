import { InvalidInput } from "../domain/errors.ts";

/** One `--set path=value`. */
export interface Assignment {
  readonly path: readonly string[];
  readonly value: unknown;
}

const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Read `pretrain.steps=100` or `scans.A01.voxelSizeUm=[5,5,5]`: the value is JSON where it parses as
 * such, else text.
 */
export function parseAssignment(text: string): Assignment {
  const equals = text.indexOf("=");
  const path = text.slice(0, Math.max(0, equals)).split(".");
  if (equals < 1 || path.some((step) => step === "" || FORBIDDEN.has(step))) {
    throw new InvalidInput(`--set: got "${text}", expected path=value, as in pretrain.steps=100`);
  }
  return { path, value: parseValue(text.slice(equals + 1)) };
}

/**
 * A copy of a document with the assignments applied in order; objects on the way are made where
 * they are missing. Elements of a list are named by index, or by their `id`.
 */
export function setPaths(document: unknown, assignments: readonly Assignment[]): unknown {
  const copy = structuredClone(document);
  for (const { path, value } of assignments) {
    let at = copy;
    for (const step of path.slice(0, -1)) {
      const parent = container(at, path);
      const name = memberName(parent, step, path);
      parent[name] ??= {};
      at = parent[name];
    }
    const parent = container(at, path);
    parent[memberName(parent, path.at(-1)!, path)] = value;
  }
  return copy;
}

function container(value: unknown, path: readonly string[]): Record<string, unknown> {
  if (value !== null && typeof value === "object") return value as Record<string, unknown>;
  throw new InvalidInput(
    `--set ${path.join(".")}: got ${JSON.stringify(value)} on the way, expected an object or a list`,
  );
}

function memberName(parent: unknown, step: string, path: readonly string[]): string {
  if (!Array.isArray(parent)) return step;
  const byId = parent.findIndex((element) => (element as { id?: unknown } | null)?.id === step);
  if (byId >= 0) return `${byId}`;
  const index = Number(step);
  if (/^\d+$/.test(step) && index < parent.length) return step;
  throw new InvalidInput(
    `--set ${path.join(".")}: got "${step}", expected an index below ${parent.length} or an id in the list`,
  );
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

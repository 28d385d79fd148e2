import type { KeyParts } from "../../schemas/manifest.ts";
import { canonicalJson } from "../stage/content-key.ts";

/** One part of a key that differs between two results of a stage. */
export interface PartChange {
  readonly kind: "version" | "parameter" | "input";
  /** Where: `minConfidence`, `margin.voxels`, `encoder`; empty for the version. */
  readonly path: string;
  /** Absent where the part was not there, or is not any more. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** The parts that differ: version, then parameters leaf by leaf, then inputs, each in order of name. */
export function diffParts(before: KeyParts, after: KeyParts): PartChange[] {
  return [
    ...(before.version === after.version
      ? []
      : [{ kind: "version" as const, path: "", before: before.version, after: after.version }]),
    ...diffValues(before.parameters, after.parameters).map((change) => ({
      kind: "parameter" as const,
      ...change,
    })),
    ...namesOf(before.inputs, after.inputs).flatMap((path) => {
      const [was, is] = [before.inputs[path], after.inputs[path]];
      return same(was, is) ? [] : [{ kind: "input" as const, ...change(path, was, is) }];
    }),
  ];
}

/** The one of `earlier` that is fewest parts away from `parts`, and those parts; undefined where there is none. */
export function nearestParts<M extends { readonly parts: KeyParts }>(
  parts: KeyParts,
  earlier: Iterable<M>,
): { readonly nearest: M; readonly changes: readonly PartChange[] } | undefined {
  let best: { nearest: M; changes: readonly PartChange[] } | undefined;
  for (const nearest of earlier) {
    const changes = diffParts(nearest.parts, parts);
    if (best === undefined || changes.length < best.changes.length) best = { nearest, changes };
  }
  return best;
}

type Difference = Pick<PartChange, "path" | "before" | "after">;

/** Objects are looked into; lists and everything else are compared as a whole. */
function diffValues(before: unknown, after: unknown, path = ""): Difference[] {
  if (same(before, after)) return [];
  if (!isObject(before) || !isObject(after)) return [change(path, before, after)];
  return namesOf(before, after).flatMap((name) =>
    diffValues(before[name], after[name], path === "" ? name : `${path}.${name}`),
  );
}

function change(path: string, before: unknown, after: unknown): Difference {
  return {
    path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function same(a: unknown, b: unknown): boolean {
  return (
    canonicalJson(a ?? null) === canonicalJson(b ?? null) && (a === undefined) === (b === undefined)
  );
}

function namesOf(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

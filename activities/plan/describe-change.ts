import type { PartChange } from "./diff-parts.ts";

const DIGEST = /^[0-9a-f]{64}$/;
const LONGEST = 40;

/**
 * What differs between two keys of a stage, in words: "parameter `threshold` otsu → midpoint".
 *
 * @param digests name the inputs; without, what is said of many scans reads alike
 */
export function describeChange({ kind, path, before, after }: PartChange, digests = true): string {
  if (kind === "version") return `stage version ${show(before)} → ${show(after)}`;
  if (kind === "parameter") return `parameter \`${path}\` ${show(before)} → ${show(after)}`;
  const from = digests ? ` (${show(before)} → ${show(after)})` : "";
  if (path === "source") return `the source changed${from}`;
  if (digests && Array.isArray(before) && Array.isArray(after)) {
    return `other \`${path}\` (${compareLists(before, after)})`;
  }
  return `another input \`${path}\`${from}`;
}

function compareLists(before: readonly unknown[], after: readonly unknown[]): string {
  const gone = before.filter((value) => !after.includes(value)).length;
  const come = after.filter((value) => !before.includes(value)).length;
  if (gone === 0 && come === 0) return "in another order";
  return `${come} new, ${gone} gone, ${after.length - come} as before`;
}

function show(value: unknown): string {
  if (value === undefined) return "absent";
  if (typeof value === "string") return DIGEST.test(value) ? value.slice(0, 12) : value;
  const text = JSON.stringify(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

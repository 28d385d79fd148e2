import { createHash } from "node:crypto";
import type { KeyParts } from "../../schemas/manifest.ts";

/**
 * The name of a stage's result: sha256 over the canonical JSON of what the result depends on.
 *
 * Parts hold semantic parameters and digests of inputs; never paths, times, host names or attempt
 * numbers. Two spellings of the same parameters give one key, because parameters arrive here with
 * every default spelled out.
 */
export function contentKey(parts: KeyParts): string {
  return sha256(canonicalJson(parts));
}

/** Hexadecimal sha256 of text or bytes. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/**
 * JSON with sorted keys and no white space, so that equal values give equal text (the ordering and
 * number format of RFC 8785 for the values that occur here). Members that are undefined are left out.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new TypeError(`A key cannot hold ${value}`);
  }
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}

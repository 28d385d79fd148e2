import type { VerifyProblem } from "./promise.ts";

/** What `verify --repair` would move aside, so that the next submission makes it anew. */
export interface Repair {
  /** Manifests of results that are not whole, and pins and pointers at what is not there. */
  readonly documents: readonly string[];
  /** Damaged objects: what is merely replaced where it is missing must be gone first. */
  readonly objects: readonly string[];
  /** Problems that moving nothing can mend, in words. */
  readonly beyond: readonly string[];
}

const MANIFEST = /^stages\/[a-z]+\/[0-9a-f]{64}\/manifest\.json$/;
const POINTER = /^(?:batches\/[^/]+\/pin|encoders\/latest\/.+|models\/names\/.+)\.json$/;

/** Decide what to move aside, given what `verify` found. Moves nothing. */
export function planRepair(problems: readonly VerifyProblem[]): Repair {
  const documents = new Set<string>();
  const objects = new Set<string>();
  const beyond: string[] = [];
  for (const { kind, key, manifest, message } of problems) {
    if (key.startsWith("quarantine/")) {
      beyond.push(
        `${key}: the copy in quarantine is damaged (${message}); purge it, or keep it for a closer look`,
      );
      continue;
    }
    if (MANIFEST.test(key) || POINTER.test(key)) {
      // A manifest that is not there is made anew as it is.
      if (kind !== "missing" || POINTER.test(key)) documents.add(key);
      continue;
    }
    if (manifest === undefined || !MANIFEST.test(manifest)) {
      beyond.push(`${key}: ${message}`);
      continue;
    }
    documents.add(manifest);
    if (kind !== "missing") objects.add(key);
  }
  return { documents: [...documents].sort(), objects: [...objects].sort(), beyond };
}

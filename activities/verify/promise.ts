import type { Manifest } from "../../schemas/manifest.ts";

/** A manifest whose outputs are to be there, and where that is. */
export interface PromisedResult {
  /** Where the manifest lies: in its stage, or in quarantine. */
  readonly path: string;
  readonly manifest: Manifest;
  /** The scan it belongs to, as far as stored results tell. */
  readonly scan?: string;
  /** Set where the result's objects lie elsewhere than the manifest says: in quarantine. */
  readonly moved?: { readonly from: string; readonly to: string };
}

/** A small document that names an encoder or a model by the key of its manifest. */
export interface PromisedTarget {
  readonly path: string;
  readonly stage: "pretrain" | "refine" | "segment";
  readonly key: string;
}

export const PROBLEM_KINDS = [
  "missing",
  "wrong-size",
  "wrong-digest",
  "wrong-shape",
  "undecodable",
] as const;

/** One thing that is not as promised. */
export interface VerifyProblem {
  readonly kind: (typeof PROBLEM_KINDS)[number];
  /** The object that is damaged or missing. */
  readonly key: string;
  /** The document that promises it. */
  readonly manifest?: string;
  readonly scan?: string;
  readonly message: string;
}

/** All that a batch, or a whole store, promises. */
export interface Promises {
  readonly results: readonly PromisedResult[];
  readonly targets: readonly PromisedTarget[];
  /** Single objects that must be there, such as a report. */
  readonly objects: readonly { readonly key: string; readonly message: string }[];
  /** What was found wrong while gathering. */
  readonly problems: readonly VerifyProblem[];
  /** What is not there and need not be, in words: purged volumes. */
  readonly notes: readonly string[];
}

/** Where an output of a result lies. */
export function placeOf({ moved }: PromisedResult, key: string): string {
  return moved !== undefined && key.startsWith(`${moved.from}/`)
    ? moved.to + key.slice(moved.from.length)
    : key;
}

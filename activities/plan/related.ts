import type { KeyParts } from "../../schemas/manifest.ts";

/** Parameters that make of one stage several kinds of work. */
const KINDS = ["axis", "labels", "mode", "apply"] as const;
/** Inputs that say what is looked at; a result about another thing is no earlier one of this. */
const SUBJECTS = ["source", "volume", "view", "crop"] as const;

/** Whether two results of a stage are the same kind of work: of the same axis, of labels or not. */
export function sameKind(a: KeyParts, b: KeyParts): boolean {
  return a.stage === b.stage && KINDS.every((name) => a.parameters[name] === b.parameters[name]);
}

/** Whether two results of one kind are about the same scan, or about a batch as a whole. */
export function sameSubject(a: KeyParts, b: KeyParts): boolean {
  return SUBJECTS.every((name) => a.inputs[name] === b.inputs[name]);
}

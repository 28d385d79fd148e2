import type { AttributeValue } from "./attributes.ts";
import type { GraphVariables } from "./graph-variables.ts";
import type { GraphWriter } from "./graph-writer.ts";
import type { Source } from "./recording.ts";
import { writeFusedAdam } from "./write-fused-adam.ts";

/** What is known around an operation that is written as several nodes. */
export interface CompositeContext {
  readonly writer: GraphWriter;
  readonly variables: GraphVariables;
  readonly inputs: readonly Source[];
  readonly nameOf: (source: Source) => string;
  /** The variable whose next value an output is, if it is one's. */
  readonly becomes: (output: number) => string | undefined;
  /** Say that the node has set the variable to what it becomes: it needs no assignment. */
  readonly setBy: (node: string, variable: string) => void;
}

/** Writes a composite; gives back the names of its outputs by their number. */
export type WriteComposite = (
  attributes: Readonly<Record<string, AttributeValue>>,
  context: CompositeContext,
) => (output: number) => string;

/** What `RecordingBinding.composite` may be told, by name. */
export const COMPOSITES: Readonly<Record<string, WriteComposite>> = { FusedAdam: writeFusedAdam };

import type * as tf from "@tensorflow/tfjs";
import type { Recording, Source } from "./recording.ts";

/** The recording of a program that changes nothing, with the state's values of now as constants. */
export function freezeState(
  recording: Recording,
  state: ReadonlyMap<string, tf.Variable>,
): Recording {
  const constants = [...recording.constants];
  const frozen = new Map<string, Source>(
    [...recording.state].map(([name, described]) => {
      const values = state.get(name)!.dataSync<"float32" | "int32" | "bool">();
      const index = constants.push({ ...described, values }) - 1;
      return [name, { kind: "constant", index }];
    }),
  );
  const freeze = (source: Source): Source =>
    source.kind === "state" ? frozen.get(source.name)! : source;
  return {
    ...recording,
    constants,
    state: new Map(),
    after: new Map(),
    operations: recording.operations.map((operation) => ({
      ...operation,
      inputs: operation.inputs.map(freeze),
    })),
    results: recording.results.map((result) => ({ ...result, source: freeze(result.source) })),
  };
}

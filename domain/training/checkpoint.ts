import { CorruptData, IncompatibleCheckpoint } from "../errors.ts";
import { exportParameters } from "../networks/parameters.ts";
import type { Parameters } from "../networks/parameters.ts";
import { assign, packArrays } from "../networks/weights.ts";
import type { FitState } from "./fit-state.ts";
import { packTensors, unpackTensors } from "./tensor-file.ts";

/** Everything that training goes on from. */
export interface Training {
  /** Every variable that a step moves: weights, running statistics, moments, averages. */
  readonly variables: Parameters;
  readonly state: FitState;
}

interface Header {
  readonly format: "microtome-checkpoint";
  readonly version: number;
  readonly config: unknown;
  readonly state: FitState;
}

const VERSION = 2;

/**
 * Training as bytes, between two steps. `config` is plain JSON, compared when it is restored.
 *
 * There is no stream of random numbers to keep: all chance of a step follows from the seed, which is
 * in `config`, and the step.
 */
export function saveCheckpoint({ variables, state }: Training, config: object): Uint8Array {
  return packTensors<Header>({
    header: { format: "microtome-checkpoint", version: VERSION, config, state },
    groups: { variables: packArrays(exportParameters(variables)) },
  });
}

/**
 * Put training back to where it was saved; going on is then bit for bit what it would have been.
 *
 * Throws `CorruptData` for damaged bytes, and `IncompatibleCheckpoint` when `config` or a shape
 * differs, naming what; nothing is changed then.
 */
export function restoreCheckpoint(training: Training, config: object, bytes: Uint8Array): void {
  const { header, groups } = unpackTensors<Header>(bytes);
  if (header.format !== "microtome-checkpoint") {
    throw new CorruptData(`Expected a checkpoint, got ${JSON.stringify(header.format)}`);
  }
  if (header.version !== VERSION) {
    throw new IncompatibleCheckpoint(
      `Expected a checkpoint of version ${VERSION}, got ${header.version}`,
    );
  }
  const different = differences(config, header.config as object);
  if (different.length > 0) {
    throw new IncompatibleCheckpoint(`The checkpoint is of another training: ${different}`);
  }
  const { variables } = groups;
  if (variables === undefined) throw new CorruptData("Expected a checkpoint with variables");
  assign(training.variables, variables);
  Object.assign(training.state, header.state);
}

function differences(wanted: object, found: object): string {
  const values = (of: object) => new Map(Object.entries(of) as [string, unknown][]);
  const [a, b] = [values(wanted), values(found)];
  const show = (value: unknown) => (value === undefined ? "unset" : JSON.stringify(value));
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((key) => show(a.get(key)) !== show(b.get(key)))
    .map((key) => `${key} is ${show(a.get(key))}, was ${show(b.get(key))}`)
    .join("; ");
}

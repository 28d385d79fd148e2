import { CorruptData, IncompatibleCheckpoint } from "../errors.ts";
import type { Network } from "../networks/network.ts";
import { exportParameters } from "../networks/parameters.ts";
import { assertFits, assign, loadWeights, packArrays, toWeights } from "../networks/weights.ts";
import type { Adam } from "./adam.ts";
import type { FitState } from "./fit.ts";
import type { History } from "./history.ts";
import { packTensors, unpackTensors } from "./tensor-file.ts";

/** Everything that training goes on from. */
export interface Training {
  readonly network: Network;
  readonly adam: Adam;
  readonly state: FitState;
}

interface Header {
  readonly format: "microtome-checkpoint";
  readonly version: number;
  readonly config: unknown;
  readonly step: number;
  readonly history: History;
}

const VERSION = 1;

/** Training as bytes, between two steps. `config` is plain JSON, compared when it is restored. */
export function saveCheckpoint({ network, adam, state }: Training, config: object): Uint8Array {
  return packTensors<Header>({
    header: {
      format: "microtome-checkpoint",
      version: VERSION,
      config,
      step: state.step,
      history: state.history,
    },
    groups: {
      network: toWeights(network),
      moments: packArrays(exportParameters(adam.moments)),
    },
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
  const { network, moments } = groups;
  if (network === undefined || moments === undefined) {
    throw new CorruptData("Expected a checkpoint with weights and moments");
  }
  assertFits(training.adam.moments, moments); // before anything is changed
  loadWeights(training.network, network);
  assign(training.adam.moments, moments);
  training.state.step = header.step;
  training.state.history = header.history;
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

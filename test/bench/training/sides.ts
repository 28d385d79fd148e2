import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { tensorFlowPython } from "../../support/tensorflow-python.ts";
import { runOurs, runPeer, type Work } from "../run-work.ts";
import { OURS, PEERS } from "./paths.ts";
import { describeSetting, type Setting } from "./setting.ts";

/** What a work of this area says besides its time, which is per step. */
export interface TrainingWork extends Work {
  /** Of every step, the untimed included; scores in inference. */
  readonly losses: readonly number[];
  /** Seconds before the first timed step: recording, compiling, two steps. */
  readonly preparing: number;
  readonly versions?: string;
}

/** Runs ours and the peer's works of one setting, on the same weights and images. */
export interface Sides {
  readonly ours: (name: string) => Promise<TrainingWork>;
  readonly peer: (name: string) => Promise<TrainingWork>;
}

/**
 * Write weights and images for both sides into a folder, and insist that both compute the same:
 * throws when a number of the works given differs by more than a hundredth: of training, the loss of
 * the first step and the length of its gradient. Adam's first moves go by the sign of each gradient,
 * of those that are all but zero, too, so that later losses drift apart.
 */
export async function openSides(
  folder: string,
  setting: Setting,
  work: { readonly ours: string; readonly peer: string },
): Promise<Sides> {
  const place = join(folder, `${setting.kind}-${setting.batch}`);
  await mkdir(place, { recursive: true });
  const python = await tensorFlowPython();
  const of = (steps: number) => ({ folder: place, setting: { ...setting, steps } });
  const run = {
    ours: (name: string, steps = setting.steps) => runOurs<TrainingWork>(OURS, name, of(steps)),
    peer: (name: string, steps = setting.steps) =>
      runPeer<TrainingWork>(PEERS, name, of(steps), python),
  };
  await run.ours("prepare");
  const [mine, theirs] = [await run.ours(work.ours, 1), await run.peer(work.peer, 1)];
  mine.losses.forEach((loss, i) => {
    const other = theirs.losses[i]!;
    if (Math.abs(loss - other) <= 0.01 * Math.abs(other) + 1e-4) return;
    const what = `number ${i + 1} of the ${work.ours} of ${describeSetting(setting)}`;
    throw new Error(`${what} is ${loss} here and ${other} in Keras: they are not the same`);
  });
  return run;
}

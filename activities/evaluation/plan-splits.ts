import { InvalidInput } from "../../domain/errors.ts";
import { createRandom } from "../../domain/random.ts";
import { unknownScan } from "./find-scans.ts";

/** Which scans are trained on and which are only measured on, by id, in the scans' order. */
export interface ScanSplit {
  readonly training: readonly string[];
  readonly validation: readonly string[];
}

export interface PlanSplitsOptions {
  /** How many scans to hold out, or which ones. */
  readonly validation: number | readonly string[];
  /** How many scans to train on. @default all that are not held out */
  readonly training?: number;
  /** How many splits; with named scans there is one. @default 1 */
  readonly splits?: number;
  readonly seed: number;
}

/**
 * Plan training and validation by whole scans. Splits go through one shuffled order of the scans, so
 * that every scan is held out once before any is held out again.
 *
 * Throws `InvalidInput` where a scan would be missing on either side.
 */
export function planSplits(
  scans: readonly string[],
  { validation, training, splits = 1, seed }: PlanSplitsOptions,
): ScanSplit[] {
  if (typeof validation !== "number") {
    const unknown = validation.find((name) => !scans.includes(name));
    if (unknown !== undefined) throw unknownScan(unknown, scans);
    if (splits !== 1) {
      throw new InvalidInput(
        `Expected one split where the validation scans are named, got ${splits}`,
      );
    }
  }
  const held = typeof validation === "number" ? validation : new Set(validation).size;
  const most = scans.length - held;
  if (held < 1 || most < 1 || (training ?? most) < 1 || (training ?? most) > most) {
    throw new InvalidInput(
      `Expected at least one scan to train on and one to hold out, got ${training ?? most} and ${held} of ${scans.length} scans`,
    );
  }
  const order = shuffle(scans, seed, "splits");
  return Array.from({ length: splits }, (_, split) => {
    const from = typeof validation === "number" ? split * held : 0;
    const turned = [...order.slice(from % order.length), ...order.slice(0, from % order.length)];
    const out = new Set(typeof validation === "number" ? turned.slice(0, held) : validation);
    const others = turned.filter((scan) => !out.has(scan)).slice(0, training);
    return {
      training: scans.filter((scan) => others.includes(scan)),
      validation: scans.filter((scan) => out.has(scan)),
    };
  });
}

/** Half of the scans (rounded down), drawn by the seed: those that are turned over at random. */
export function drawHalf(scans: readonly string[], seed: number): ReadonlySet<string> {
  return new Set(shuffle(scans, seed, "half").slice(0, Math.floor(scans.length / 2)));
}

function shuffle(scans: readonly string[], seed: number, what: string): string[] {
  const order = [...scans];
  const random = createRandom(seed, `evaluation-${what}`);
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.int(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

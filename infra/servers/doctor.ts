import type { StoreSettings } from "../../activities/settings.ts";
import { checkEngine, checkGpu } from "./doctor-engine.ts";
import { checkMachine } from "./doctor-machine.ts";
import { checkStore, checkTemporal, type TemporalTarget } from "./doctor-servers.ts";

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  /** "warn" is for what works, but not well or not for long. */
  readonly ok: boolean | "warn";
  /** What was found, in a few words. */
  readonly detail: string;
  /** What to do about it. */
  readonly fix?: string;
  /** Set where a server could not be reached or refused us, as opposed to being wrong. */
  readonly unreachable?: boolean;
}

export interface DoctorOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Whose disk is looked at: where the local stack keeps its data. */
  readonly dir: string;
  /** The servers to look at; those that are undefined are reported as not known. */
  readonly temporal?: TemporalTarget | undefined;
  readonly store?: StoreSettings | undefined;
  /** Called for each check as soon as it is known. */
  readonly onCheck?: (check: Check) => void;
}

/** Look at everything the pipeline depends on. Never throws: what cannot be found out is a check. */
export async function runChecks(options: DoctorOptions): Promise<readonly Check[]> {
  const { env, dir, temporal, store, onCheck } = options;
  const checks: Check[] = [];
  const look = async (check: () => Promise<readonly Check[]>) => {
    for (const found of await check()) {
      checks.push(found);
      onCheck?.(found);
    }
  };
  await look(() => checkMachine(env, dir));
  await look(() => checkEngine(env));
  await look(() => checkGpu(env));
  await look(() => checkTemporal(temporal));
  await look(() => checkStore(store));
  return checks;
}

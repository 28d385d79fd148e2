import { availableParallelism } from "node:os";
import { WorkerShutdown } from "../../domain/errors.ts";
import { startEngineProcess, type EngineProcess } from "./engine-process.ts";
import type { JobRunner } from "./job.ts";
import type { EngineLog } from "./log.ts";
import { residentBytes } from "./memory.ts";
import { createSlots } from "./slots.ts";

export interface JobRunnerOptions {
  /** The module that exports `createJobs(env)`. */
  readonly jobs: URL;
  /** How many processes compute at once, one job each; further jobs queue. */
  readonly size: number;
  /** All the environment of the children, `MICROTOME_TFJS_ADDON` included. */
  readonly env: NodeJS.ProcessEnv;
  /** Replace a process after so many jobs (TensorFlow's memory creeps). */
  readonly maxUses?: number;
  /** Replace a process that holds more than this between two jobs. */
  readonly maxRssMb?: number;
  /** How long a cancelled job may take to stop before its process is killed. */
  readonly graceMs?: number;
  readonly log: EngineLog;
}

export interface ClosableJobRunner extends JobRunner {
  /** Cancel what runs and end every process; jobs reject with `WorkerShutdown`. */
  close(): Promise<void>;
}

interface Slot {
  process?: EngineProcess;
  uses: number;
}

/**
 * Run jobs in warm child processes beside this one.
 *
 * A process starts with the first job that needs it, serves the next ones, and is replaced after a
 * crash, an ignored cancellation, `maxUses` jobs or `maxRssMb`. None outlives this process.
 */
export function createJobRunner(options: JobRunnerOptions): ClosableJobRunner {
  const { jobs, size, maxUses = 50, maxRssMb = Infinity, graceMs = 10_000, log } = options;
  if (!(size >= 1)) throw new RangeError(`An engine needs at least one process, got size ${size}`);
  const env = { ...threads(size), ...options.env };
  const slots = createSlots(Array.from({ length: size }, (): Slot => ({ uses: 0 })));
  const live = new Set<EngineProcess>();
  const closing = new AbortController();
  const killAll = () => live.forEach((process) => process.kill());
  process.once("exit", killAll);

  const retire = async (process: EngineProcess): Promise<void> => {
    await process.stop();
    live.delete(process);
  };
  const warm = (slot: Slot): EngineProcess => {
    if (slot.process?.usable()) return slot.process;
    if (slot.process) void retire(slot.process);
    slot.process = startEngineProcess({ jobs, env, graceMs, log });
    slot.uses = 0;
    live.add(slot.process);
    return slot.process;
  };
  const spent = ({ process, uses }: Slot): boolean =>
    !process?.usable() ||
    uses >= maxUses ||
    (residentBytes(process.pid!) ?? 0) > maxRssMb * 2 ** 20;

  return {
    async run<O>(name: string, input: unknown, run: Parameters<JobRunner["run"]>[2]) {
      const signal = AbortSignal.any([run.signal, closing.signal]);
      const slot = await slots.take(signal);
      try {
        const process = warm(slot);
        slot.uses += 1;
        return await process.run<O>(name, input, { ...run, signal });
      } finally {
        if (slot.process && spent(slot)) {
          void retire(slot.process);
          delete slot.process;
        }
        slots.give(slot);
      }
    },
    async close() {
      closing.abort(new WorkerShutdown("The engine is closed"));
      await slots.allFree();
      await Promise.all([...live].map(retire));
      process.removeListener("exit", killAll);
    },
  };
}

/** Several TensorFlows on one machine share its cores; a lone one decides for itself. */
function threads(size: number): NodeJS.ProcessEnv {
  if (size < 2) return {};
  const each = String(Math.max(1, Math.floor(availableParallelism() / size)));
  return { TF_NUM_INTRAOP_THREADS: each, OMP_NUM_THREADS: each };
}

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Settings, toEnvironment } from "../../activities/settings.ts";
import { pieceEnvironment } from "../setup/paths.mjs";
import { startBackground, stopBackground } from "./background.ts";
import { readLog } from "./log-tail.ts";
import type { WorkerState } from "./stack-state.ts";
import { waitUntil } from "./wait-until.ts";

/** What a worker process takes on: workflows, work for processors, or work for the GPU. */
export type WorkerRole = "workflow" | "cpu" | "gpu";

export const WORKER_ROLES = ["workflow", "cpu", "gpu"] as const satisfies readonly WorkerRole[];

const CHECKOUT = fileURLToPath(new URL("../../", import.meta.url));
const START_LIMIT_MS = 120_000;

export interface WorkerOptions {
  readonly role: WorkerRole;
  readonly settings: Settings;
  /** Where log files go: `worker-<role>.log`. */
  readonly logs: string;
  /** What this worker sees besides our own environment, the settings and the pieces. */
  readonly env?: NodeJS.ProcessEnv;
  /** The program; default `worker.ts` of this checkout. */
  readonly program?: string;
  /** See `startBackground`. */
  readonly detached?: boolean;
  readonly onStart?: (worker: WorkerState) => void;
}

/**
 * Start a worker process and wait until its log says `microtome worker ready: <role>`. Throws
 * `ServerFailure` with the log's end, the process gone again.
 */
export async function startWorker(options: WorkerOptions): Promise<WorkerState> {
  const { role, settings, logs, detached, program = join(CHECKOUT, "worker.ts") } = options;
  const log = join(logs, `worker-${role}.log`);
  const { logOffset, ...started } = await startBackground({
    command: process.execPath,
    args: [join(CHECKOUT, "infra", "run.mjs"), program],
    cwd: CHECKOUT,
    env: {
      ...process.env,
      ...pieceEnvironment(),
      ...toEnvironment(settings),
      ...(settings.stack !== undefined && { MICROTOME_STATE_DIR: settings.stack }),
      ...options.env,
      MICROTOME_ROLE: role,
    },
    logFile: log,
    ...(detached !== undefined && { detached }),
  });
  const servers = { temporal: settings.temporal.address, store: settings.store.endpoint };
  const worker = { role, log, ...servers, ...started };
  options.onStart?.(worker);
  const ready = `microtome worker ready: ${role}`;
  try {
    await waitUntil(() => Promise.resolve(readLog(log, logOffset).includes(ready)), {
      name: `The ${role} worker`,
      process: started,
      logFile: log,
      logOffset,
      limitMs: START_LIMIT_MS,
    });
    return worker;
  } catch (error) {
    await stopBackground([started], 2000);
    throw error;
  }
}

import type { Settings } from "../../activities/settings.ts";
import { ensureBucket } from "../../activities/stores/minio-store.ts";
import { storeOptions } from "../../activities/stores/store-options.ts";
import { withLock } from "../setup/lock.mjs";
import { isAlive } from "../setup/process-identity.mjs";
import { stopBackground } from "./background.ts";
import { ensureStore, ensureTemporal } from "./ensure-servers.ts";
import { portOf } from "./port-of.ts";
import {
  type Credentials,
  type StackFiles,
  type StackRecord,
  type StackState,
  type WorkerState,
  ensureCredentials,
  makeStackFolder,
  readPorts,
  readState,
  removeState,
  stackFiles,
  writePorts,
  writeState,
} from "./stack-state.ts";
import { WORKER_ROLES, type WorkerRole, startWorker } from "./workers.ts";

const DEFAULT_PORTS = { temporal: 7233, ui: 8233, store: 9000 };
/** A worker gives its activities 20 s to save; then it needs a moment to say so. */
const WORKER_GRACE_MS = 25_000;
const SERVER_GRACE_MS = 10_000;

export interface UpOptions {
  /** The folder whose `.microtome/` holds the stack. */
  readonly dir: string;
  /** Which workers to run; default one of each role. */
  readonly roles?: readonly WorkerRole[];
  /** For a new stack; default `microtome`. */
  readonly bucket?: string;
  /** The programs; default those of the set-up. */
  readonly binaries?: { readonly temporal?: string; readonly minio?: string };
  /** Told a line about each thing that is started or found running. */
  readonly onProgress?: (line: string) => void;
}

/** A running stack, and the settings that reach it. */
export interface Stack {
  readonly state: StackState;
  readonly settings: Settings;
}

/**
 * Have a local stack run: Temporal, MinIO with its bucket, workers. What runs already is kept; what
 * died is started again on the same port (if it is still free) with the same data.
 *
 * Throws `ServerFailure` when something does not start; what did start stays, for the next `up`.
 */
export async function up(options: UpOptions): Promise<Stack> {
  const files = stackFiles(options.dir);
  makeStackFolder(files);
  return withLock(files.lock, () => bringUp(files, options), { onWait: waiting(options) });
}

/** Stop a local stack: workers first, then MinIO, then Temporal. Only processes that `up` started. */
export async function down(options: Pick<UpOptions, "dir" | "onProgress">): Promise<void> {
  const files = stackFiles(options.dir);
  const { onProgress = () => {} } = options;
  if (readState(files) === undefined) return onProgress("Nothing runs here");
  await withLock(files.lock, () => bringDown(files, onProgress), { onWait: waiting(options) });
}

async function bringUp(files: StackFiles, options: UpOptions): Promise<Stack> {
  const { roles = WORKER_ROLES, onProgress = () => {} } = options;
  const credentials = ensureCredentials(files);
  let state = readState(files) ?? newState(files, options.bucket ?? "microtome");
  const record: StackRecord = {
    get: () => state,
    save: (change) => {
      state = { ...state, ...change };
      writeState(files, state);
    },
  };
  await Promise.all([
    ensureTemporal(record, files, options.binaries?.temporal, onProgress),
    ensureStore(record, files, credentials, options.binaries?.minio, onProgress),
  ]);
  writePorts(files, {
    temporal: portOf(`tcp://${state.temporal.address}`),
    ui: portOf(state.temporal.uiUrl),
    store: portOf(state.store.endpoint),
  });
  const settings = toSettings(files, state, credentials);
  await ensureBucket(storeOptions(settings.store));
  await ensureWorkers(record, files, settings, roles, onProgress);
  return { state, settings };
}

async function ensureWorkers(
  { get, save }: StackRecord,
  files: StackFiles,
  settings: Settings,
  roles: readonly WorkerRole[],
  onProgress: (line: string) => void,
): Promise<void> {
  const fits = (worker: WorkerState) =>
    isAlive(worker.pid, worker.identity) &&
    worker.temporal === settings.temporal.address &&
    worker.store === settings.store.endpoint;
  await stopBackground(
    get().workers.filter((worker) => !fits(worker)),
    WORKER_GRACE_MS,
  );
  save({ workers: get().workers.filter(fits) });
  const running = new Set(get().workers.map(({ role }) => role));
  for (const role of running) onProgress(`The ${role} worker runs already`);
  const missing = [...new Set(roles)].filter((role) => !running.has(role));
  const results = await Promise.allSettled(
    missing.map(async (role) => {
      const onStart = (worker: WorkerState) => save({ workers: [...get().workers, worker] });
      const worker = await startWorker({ role, settings, logs: files.logs, onStart });
      onProgress(`The ${role} worker started (process ${worker.pid})`);
    }),
  );
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason as Error;
}

async function bringDown(files: StackFiles, onProgress: (line: string) => void): Promise<void> {
  const state = readState(files);
  if (state === undefined) return onProgress("Nothing runs here");
  const alive = state.workers.filter(({ pid, identity }) => isAlive(pid, identity));
  if (alive.length > 0) onProgress(`Stopping ${alive.length} workers: they save what they do`);
  const killed = await stopBackground(state.workers, WORKER_GRACE_MS);
  if (killed.length > 0) onProgress(`${killed.length} workers took too long and were killed`);
  for (const [name, server] of [
    ["MinIO", state.store] as const,
    ["Temporal", state.temporal] as const,
  ]) {
    const ran = isAlive(server.pid, server.identity);
    await stopBackground([server], SERVER_GRACE_MS);
    onProgress(ran ? `${name} stopped` : `${name} did not run`);
  }
  removeState(files);
}

/** Both addresses are there from the start, so that nobody reads a state with half of them. */
function newState(files: StackFiles, bucket: string): StackState {
  const ports = { ...DEFAULT_PORTS, ...readPorts(files) };
  const none = { pid: 0, identity: "" };
  return {
    version: 1,
    temporal: {
      address: `127.0.0.1:${ports.temporal}`,
      uiUrl: `http://127.0.0.1:${ports.ui}`,
      namespace: "default",
      ...none,
    },
    store: {
      endpoint: `http://127.0.0.1:${ports.store}`,
      bucket,
      credentialsFile: files.credentials,
      ...none,
    },
    workers: [],
  };
}

function toSettings(
  files: StackFiles,
  { temporal, store }: StackState,
  keys: Credentials,
): Settings {
  return {
    temporal: { address: temporal.address, namespace: temporal.namespace },
    store: { endpoint: store.endpoint, bucket: store.bucket, region: "us-east-1", ...keys },
    stack: files.folder,
  };
}

function waiting({ onProgress }: Pick<UpOptions, "onProgress">): (pid: number) => void {
  return (pid) => onProgress?.(`Another \`up\` or \`down\` (process ${pid}) is at work: waiting`);
}

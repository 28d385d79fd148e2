import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../setup/process-identity.mjs";
import { piecePaths } from "../setup/paths.mjs";
import { type Background, stopBackground } from "./background.ts";
import { freePort } from "./free-port.ts";
import { minioAnswers, startMinio } from "./minio-server.ts";
import { ServerFailure } from "./server-failure.ts";
import { portOf } from "./port-of.ts";
import type { Credentials, StackFiles, StackRecord } from "./stack-state.ts";
import { startTemporal, temporalAnswers } from "./temporal-server.ts";

/** How often a server is started on yet another port when someone takes the free one first. */
const ATTEMPTS = 3;
/** A server that runs but does not answer for so long is taken for stuck and replaced. */
const PATIENCE_MS = 15_000;
/** How long a server of ours that was killed may still hold its port. */
const RELEASE_MS = 2000;

/** Have the stack's Temporal run, on the port in the record if that is free. */
export async function ensureTemporal(
  { get, save }: StackRecord,
  files: StackFiles,
  binary: string | undefined,
  onProgress: (line: string) => void,
): Promise<void> {
  const { address, uiUrl } = get().temporal;
  if (await runs(get().temporal, () => temporalAnswers(address))) {
    return onProgress(`Temporal runs already at ${address}`);
  }
  const program = binary ?? piecePaths().temporal;
  if (program === undefined) throw missing("Temporal CLI");
  const patience = get().temporal.pid > 0 ? RELEASE_MS : 0;
  await startSomewhere([portOf(`tcp://${address}`), portOf(uiUrl)], patience, ([port, uiPort]) =>
    startTemporal({
      binary: program,
      port: port!,
      uiPort: uiPort!,
      dbFile: files.temporalDb,
      logFile: `${files.logs}/temporal.log`,
      onStart: (server) => save({ temporal: { ...get().temporal, ...server } }),
    }),
  );
  onProgress(`Temporal started at ${get().temporal.address} (page: ${get().temporal.uiUrl})`);
}

/** Have the stack's MinIO run, on the port in the record if that is free. */
export async function ensureStore(
  { get, save }: StackRecord,
  files: StackFiles,
  credentials: Credentials,
  binary: string | undefined,
  onProgress: (line: string) => void,
): Promise<void> {
  const { endpoint } = get().store;
  if (await runs(get().store, () => minioAnswers(endpoint))) {
    return onProgress(`MinIO runs already at ${endpoint}`);
  }
  const program = binary ?? piecePaths().minio;
  if (program === undefined) throw missing("MinIO");
  const patience = get().store.pid > 0 ? RELEASE_MS : 0;
  await startSomewhere([portOf(endpoint)], patience, ([port]) =>
    startMinio({
      binary: program,
      port: port!,
      dataDir: files.storeData,
      ...credentials,
      logFile: `${files.logs}/minio.log`,
      onStart: (server) => save({ store: { ...get().store, ...server } }),
    }),
  );
  onProgress(`MinIO started at ${get().store.endpoint}`);
}

/** Whether the recorded process is ours, alive and answering; a stuck one is ended. */
async function runs(server: Background, answers: () => Promise<boolean>): Promise<boolean> {
  if (!isAlive(server.pid, server.identity)) return false;
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    if (await answers()) return true;
    if (!isAlive(server.pid, server.identity)) return false;
    await sleep(200);
  }
  await stopBackground([server], 5000);
  return false;
}

/** Between seeing that a port is free and listening on it, someone else may take it. */
async function startSomewhere(
  preferred: readonly number[],
  patienceMs: number,
  start: (ports: readonly number[]) => Promise<unknown>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const ports: number[] = [];
    for (const port of preferred) {
      ports.push(attempt === 1 ? await freePort(port, patienceMs) : await freePort());
    }
    try {
      await start(ports);
      return;
    } catch (error) {
      const again = error instanceof ServerFailure && error.portTaken && attempt < ATTEMPTS;
      if (!again) throw error;
    }
  }
}

function missing(name: string): ServerFailure {
  return new ServerFailure(`${name} is not there: run \`npm run setup\``);
}

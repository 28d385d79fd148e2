import { createConnection } from "node:net";
import { Connection } from "@temporalio/client";
import { type Background, startBackground, stopBackground } from "./background.ts";
import { listensOn } from "./listens-on.ts";
import { waitUntil } from "./wait-until.ts";

/** What batches and scans are listed by in Temporal. */
export const SEARCH_ATTRIBUTES = [
  "MicrotomeBatch",
  "MicrotomeScan",
  "MicrotomeStage",
  "MicrotomeOutcome",
] as const;

/** Of gRPC's health protocol. */
const SERVING = 1;
const LOOPBACK = "127.0.0.1";
const START_LIMIT_MS = 90_000;

export interface TemporalServer extends Background {
  readonly address: string;
  readonly uiUrl: string;
}

export interface TemporalOptions {
  /** The Temporal CLI. */
  readonly binary: string;
  readonly port: number;
  readonly uiPort: number;
  /** Where everything Temporal knows is kept; made if it is not there. */
  readonly dbFile: string;
  readonly logFile: string;
  /** See `startBackground`. */
  readonly detached?: boolean;
  /** Called once the process is there, before it answers: to write it down. */
  readonly onStart?: (server: TemporalServer) => void;
}

/**
 * Start Temporal's development server on loopback and wait until it answers. All its ports, the
 * ones it picks itself included, follow `--ip`. Throws `ServerFailure`, the process gone again.
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  const { binary, port, uiPort, dbFile, logFile, detached } = options;
  // prettier-ignore
  const args = [
    "server", "start-dev", "--ip", LOOPBACK, "--ui-ip", LOOPBACK,
    "--port", String(port), "--ui-port", String(uiPort), "--db-filename", dbFile,
    // The default journal syncs every write: up to five times slower.
    "--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL",
    "--log-level", "warn", "--ui-disable-news-fetch",
    ...SEARCH_ATTRIBUTES.flatMap((name) => ["--search-attribute", `${name}=Keyword`]),
  ];
  const { logOffset, ...started } = await startBackground({
    command: binary,
    args,
    env: withoutConfiguration(process.env),
    logFile,
    ...(detached !== undefined && { detached }),
  });
  const address = `${LOOPBACK}:${port}`;
  const server = { ...started, address, uiUrl: `http://${LOOPBACK}:${uiPort}` };
  options.onStart?.(server);
  try {
    const isReady = async () => listensOn(started.pid, port) && (await temporalAnswers(address));
    await waitUntil(isReady, {
      name: "Temporal",
      process: started,
      logFile,
      logOffset,
      limitMs: START_LIMIT_MS,
    });
    return server;
  } catch (error) {
    await stopBackground([started], 2000);
    throw error;
  }
}

/** Whether a Temporal server at `address` serves, its default namespace included. */
export async function temporalAnswers(address: string): Promise<boolean> {
  // The client retries a refused connection for long; a look at the socket says it at once.
  if (!(await accepts(address))) return false;
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: 3000 });
    const { status } = await connection.healthService.check({
      service: "temporal.api.workflowservice.v1.WorkflowService",
    });
    if (Number(status) !== SERVING) return false;
    await connection.workflowService.describeNamespace({ namespace: "default" });
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}

function accepts(address: string): Promise<boolean> {
  const [host, port] = [
    address.slice(0, address.lastIndexOf(":")),
    address.slice(address.lastIndexOf(":") + 1),
  ];
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: Number(port), timeout: 2000 });
    const answer = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
    socket.once("timeout", () => answer(false));
  });
}

/** A user's TEMPORAL_* settings are for clients of other servers. */
function withoutConfiguration(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("TEMPORAL_")));
}

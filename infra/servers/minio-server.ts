import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Background, startBackground, stopBackground } from "./background.ts";
import { listensOn } from "./listens-on.ts";
import { waitUntil } from "./wait-until.ts";

const LOOPBACK = "127.0.0.1";
const START_LIMIT_MS = 60_000;

export interface MinioServer extends Background {
  readonly endpoint: string;
}

export interface MinioOptions {
  readonly binary: string;
  readonly port: number;
  /** Where the web console listens; without it there is none. */
  readonly consolePort?: number;
  readonly dataDir: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly logFile: string;
  /** See `startBackground`. */
  readonly detached?: boolean;
  /** Called once the process is there, before it answers: to write it down. */
  readonly onStart?: (server: MinioServer) => void;
}

/**
 * Start MinIO on loopback and wait until it is live. It asks nobody for updates and reads no
 * certificates or settings of the user's. Throws `ServerFailure`, the process gone again.
 */
export async function startMinio(options: MinioOptions): Promise<MinioServer> {
  const { binary, port, consolePort, dataDir, logFile, detached } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const console =
    consolePort === undefined ? [] : ["--console-address", `${LOOPBACK}:${consolePort}`];
  const { logOffset, ...started } = await startBackground({
    command: binary,
    args: [
      "server",
      "--quiet",
      "--address",
      `${LOOPBACK}:${port}`,
      ...console,
      "--certs-dir",
      join(dataDir, "..", "minio-certs"),
      dataDir,
    ],
    env: {
      ...withoutConfiguration(process.env),
      MINIO_ROOT_USER: options.accessKey,
      MINIO_ROOT_PASSWORD: options.secretKey,
      MINIO_BROWSER: consolePort === undefined ? "off" : "on",
      MINIO_UPDATE: "off",
      MINIO_CALLHOME_ENABLE: "off",
    },
    logFile,
    ...(detached !== undefined && { detached }),
  });
  const server = { ...started, endpoint: `http://${LOOPBACK}:${port}` };
  options.onStart?.(server);
  try {
    const isReady = async () =>
      listensOn(started.pid, port) && (await minioAnswers(server.endpoint));
    await waitUntil(isReady, {
      name: "MinIO",
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

/** Whether MinIO at `endpoint` is live. */
export async function minioAnswers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(new URL("/minio/health/live", endpoint), {
      signal: AbortSignal.timeout(3000),
    });
    return response.ok && response.headers.get("server") === "MinIO";
  } catch {
    return false;
  }
}

function withoutConfiguration(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(?:MINIO|AWS)_/.test(name)));
}

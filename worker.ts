import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { loadClientConnectConfig } from "@temporalio/envconfig";
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkerOptions,
  makeTelemetryFilterString,
} from "@temporalio/worker";
import { createJobRunner } from "./activities/engine/pool.ts";
import { failures } from "./activities/failures.ts";
import { createActivities } from "./activities/index.ts";
import { readSettings, toEnvironment, type Settings } from "./activities/settings.ts";
import { createMinioStore } from "./activities/stores/minio-store.ts";
import { storeOptions } from "./activities/stores/store-options.ts";
import { WorkerShutdown } from "./domain/errors.ts";
import { pieceEnvironment } from "./infra/setup/paths.mjs";
import { QUEUES } from "./schemas/names.ts";

/** What a worker process is for: `all` is for development. */
const ROLES = ["workflow", "cpu", "gpu", "all"] as const;
type Role = (typeof ROLES)[number];

/** Ingest and crop overlap reading with arithmetic; two keep a small machine busy. */
const CPU_SLOTS = 2;
/** Time that a stopping worker gives its activities to save and let go. */
const GRACE = "20 seconds";

const settings = readSettings(process.env, process.cwd());
if (settings === undefined) {
  console.error(
    "microtome worker: no servers known; set TEMPORAL_ADDRESS and AWS_ENDPOINT_URL, or run `microtome up`",
  );
  process.exit(3);
}
await run(readRole(process.env["MICROTOME_ROLE"] ?? "all"), settings);

/** Poll the role's queues until told to stop. */
async function run(role: Role, settings: Settings): Promise<void> {
  Runtime.install({
    // SIGTERM is handled here, so that activities hear of it before the grace time is over.
    shutdownSignals: [],
    logger: new DefaultLogger("INFO"),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: "WARN" }), forward: {} },
    },
  });
  const shutdown = new AbortController();
  // TLS and keys as `temporal.toml` or TEMPORAL_* say, for servers that are not our own.
  const { tls, apiKey, metadata } = loadClientConnectConfig().connectionOptions;
  const connection = await NativeConnection.connect({
    address: settings.temporal.address,
    ...(tls === undefined ? {} : { tls }),
    ...(typeof apiKey === "string" ? { apiKey } : {}),
    ...(metadata === undefined ? {} : { metadata: metadata }),
  });
  const runner = createJobRunner({
    // The sources here, the emitted JavaScript after a build.
    jobs: new URL(
      import.meta.url.endsWith(".ts") ? "./activities/jobs/index.ts" : "./activities/jobs/index.js",
      import.meta.url,
    ),
    size: role === "gpu" ? 1 : CPU_SLOTS,
    env: { ...pieceEnvironment(), ...process.env, ...toEnvironment(settings) },
    log: Runtime.instance().logger,
  });
  const activities = createActivities({
    store: createMinioStore(storeOptions(settings.store)),
    jobs: runner,
    shutdown: shutdown.signal,
    host: hostname(),
    now: () => new Date(),
  });
  const common = {
    connection,
    namespace: settings.temporal.namespace,
    shutdownGraceTime: GRACE,
    maxHeartbeatThrottleInterval: "5 seconds",
    interceptors: { activity: [() => ({ inbound: failures })] },
  } satisfies Partial<WorkerOptions>;

  const workers: Worker[] = [];
  if (role === "workflow" || role === "all") {
    workers.push(
      await Worker.create({
        connection,
        namespace: settings.temporal.namespace,
        taskQueue: QUEUES.workflows,
        // A folder: it resolves to index.ts here and to index.js after a build.
        workflowsPath: fileURLToPath(new URL("./workflows", import.meta.url)),
        maxCachedWorkflows: 500,
      }),
    );
  }
  if (role === "cpu" || role === "all") {
    workers.push(
      await Worker.create({
        ...common,
        taskQueue: QUEUES.cpu,
        activities,
        maxConcurrentActivityTaskExecutions: CPU_SLOTS * 2,
      }),
    );
  }
  if (role === "gpu" || role === "all") {
    workers.push(
      await Worker.create({
        ...common,
        taskQueue: QUEUES.gpu,
        activities,
        maxConcurrentActivityTaskExecutions: 1,
      }),
    );
  }

  const stop = (signal: NodeJS.Signals) => {
    if (shutdown.signal.aborted) return;
    console.error(`microtome worker: ${signal}, stopping`);
    shutdown.abort(new WorkerShutdown(`The worker received ${signal}; another one goes on`));
    for (const worker of workers) worker.shutdown();
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);

  console.error(`microtome worker ready: ${role}`);
  try {
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    await runner.close();
    await connection.close();
  }
}

function readRole(text: string): Role {
  const role = ROLES.find((known) => known === text);
  if (role !== undefined) return role;
  console.error(`microtome worker: MICROTOME_ROLE must be one of ${ROLES.join(", ")}, got ${text}`);
  return process.exit(2);
}

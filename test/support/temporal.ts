import { fileURLToPath } from "node:url";
import { defineSearchAttributeKey } from "@temporalio/common";
import { TestWorkflowEnvironment } from "@temporalio/testing";
import { DefaultLogger, Runtime, Worker, bundleWorkflowCode } from "@temporalio/worker";
import type { Activities } from "../../activities/index.ts";
import { piecePaths } from "../../infra/setup/paths.mjs";
import { QUEUES } from "../../schemas/names.ts";

export const workflowsPath = fileURLToPath(new URL("../../workflows", import.meta.url));

let installed = false;

/** A real Temporal server of its own, in memory, with the search attributes that workflows set. */
export async function startTemporal(): Promise<TestWorkflowEnvironment> {
  if (!installed) Runtime.install({ logger: new DefaultLogger("ERROR") });
  installed = true;
  const { temporal } = piecePaths();
  if (temporal === undefined) throw new Error("The Temporal CLI is not there: run `npm run setup`");
  return TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: "existing-path", path: temporal },
      ip: "127.0.0.1",
      searchAttributes: [
        defineSearchAttributeKey("MicrotomeBatch", "KEYWORD"),
        defineSearchAttributeKey("MicrotomeScan", "KEYWORD"),
        defineSearchAttributeKey("MicrotomeStage", "KEYWORD"),
        defineSearchAttributeKey("MicrotomeOutcome", "KEYWORD"),
      ],
    },
  });
}

let bundle: ReturnType<typeof bundleWorkflowCode> | undefined;

/** The workflows as a worker loads them, bundled once per test file. */
export function workflowBundle(): ReturnType<typeof bundleWorkflowCode> {
  bundle ??= bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger("ERROR") });
  return bundle;
}

/** Workers for every queue while `body` runs, all with the given activities. */
export async function withWorkers<T>(
  env: TestWorkflowEnvironment,
  activities: Activities,
  body: () => Promise<T>,
): Promise<T> {
  const common = { connection: env.nativeConnection, activities } as const;
  const workers = await Promise.all([
    Worker.create({
      connection: env.nativeConnection,
      taskQueue: QUEUES.workflows,
      workflowBundle: await workflowBundle(),
    }),
    Worker.create({ ...common, taskQueue: QUEUES.cpu }),
    Worker.create({ ...common, taskQueue: QUEUES.gpu, maxConcurrentActivityTaskExecutions: 1 }),
  ]);
  const runs = workers.map((worker) => worker.run());
  try {
    return await body();
  } finally {
    for (const worker of workers) worker.shutdown();
    await Promise.all(runs);
  }
}

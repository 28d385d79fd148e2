import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { moduleBeside, typescriptArguments } from "./typescript-arguments.ts";

/**
 * Start an engine process: `child.ts` through the TypeScript loader in a checkout, or `child.js`
 * as it stands in a build. `jobs` is the module that exports `createJobs`; `env` is all the
 * environment that it gets, apart from a few defaults of TensorFlow.
 */
export function forkChild(jobs: URL, env: NodeJS.ProcessEnv): ChildProcess {
  return fork(fileURLToPath(moduleBeside("child", import.meta.url)), {
    execArgv: typescriptArguments(),
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      TF_CPP_MIN_LOG_LEVEL: "2",
      TF_FORCE_GPU_ALLOW_GROWTH: "true", // or the first process takes the whole GPU
      ...env,
      MICROTOME_JOBS: jobs.href,
      MICROTOME_ENGINE_PARENT: String(process.pid),
    },
  });
}

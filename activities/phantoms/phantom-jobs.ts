import type { Jobs } from "../engine/job.ts";
import { phantomJob } from "./phantom-job.ts";

/** The jobs of the processes that `writePhantoms` starts. They need neither store nor TensorFlow. */
export function createJobs(): Jobs {
  return { phantom: phantomJob };
}

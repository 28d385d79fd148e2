import type { Job, Jobs } from "./job.ts";

/** The job of that name. An unknown name is a bug in the caller, not in anybody's data. */
export function findJob(jobs: Jobs, name: string): Job<unknown, unknown> {
  const job = Object.hasOwn(jobs, name) ? jobs[name] : undefined;
  if (job !== undefined) return job as Job<unknown, unknown>;
  throw new Error(`There is no job "${name}"; there are: ${Object.keys(jobs).join(", ")}`);
}

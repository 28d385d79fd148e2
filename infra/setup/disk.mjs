import { statfsSync } from "node:fs";
import { SetupFailure } from "./failure.mjs";

/** Refuse to begin where the pieces will not fit. `folder` must exist; `megabytes` is at the peak. */
export function requireSpace(folder, megabytes) {
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 2 ** 20);
  if (free >= megabytes) return;
  throw new SetupFailure(
    `The set-up needs about ${megabytes} MB in ${folder} and ${free} MB are free: free some space, or set XDG_CACHE_HOME to a folder on a larger disk`,
  );
}

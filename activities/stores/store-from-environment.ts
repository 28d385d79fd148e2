import { InvalidInput } from "../../domain/errors.ts";
import type { ObjectStore } from "../deps.ts";
import { readSettings } from "../settings.ts";
import { createMinioStore } from "./minio-store.ts";
import { storeOptions } from "./store-options.ts";

/** The store that a process's environment (or its local stack) names. */
export function storeFromEnvironment(env: NodeJS.ProcessEnv): ObjectStore {
  const settings = readSettings(env, process.cwd());
  if (settings === undefined) {
    throw new InvalidInput("No object store is known: set AWS_ENDPOINT_URL or run `microtome up`");
  }
  return createMinioStore(storeOptions(settings.store));
}

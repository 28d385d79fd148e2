import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where the servers are and who we are there. */
export interface Settings {
  readonly temporal: { readonly address: string; readonly namespace: string };
  readonly store: StoreSettings;
  /** The local stack's folder these came from; undefined when the environment names the servers. */
  readonly stack: string | undefined;
}

export interface StoreSettings {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  readonly bucket: string;
}

interface RunState {
  readonly temporal: { readonly address: string; readonly namespace?: string };
  readonly store: {
    readonly endpoint: string;
    readonly bucket: string;
    readonly credentialsFile: string;
  };
}

/**
 * Settings from the environment (`TEMPORAL_ADDRESS`, `AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID`, …,
 * `MICROTOME_BUCKET`), else from the running local stack in the nearest parent folder's
 * `.microtome/`. Undefined when neither says where the servers are.
 *
 * `temporal.toml` profiles are applied by whoever connects (through `@temporalio/envconfig`): the
 * address here is what to use when the profile names none.
 */
export function readSettings(env: NodeJS.ProcessEnv, cwd: string): Settings | undefined {
  const stack = env["MICROTOME_STATE_DIR"] ?? findStack(cwd);
  const state = stack === undefined ? undefined : readState(stack);
  const address = env["TEMPORAL_ADDRESS"] ?? state?.temporal.address;
  const store = storeFrom(env, state);
  if (address === undefined || store === undefined) return undefined;
  return {
    temporal: {
      address,
      namespace: env["TEMPORAL_NAMESPACE"] ?? state?.temporal.namespace ?? "default",
    },
    store,
    stack,
  };
}

/** The store's part of `readSettings`, for whoever needs no Temporal. */
export function readStoreSettings(env: NodeJS.ProcessEnv, cwd: string): StoreSettings | undefined {
  const stack = env["MICROTOME_STATE_DIR"] ?? findStack(cwd);
  return storeFrom(env, stack === undefined ? undefined : readState(stack));
}

/** The same settings as environment variables, for a child process. */
export function toEnvironment({ temporal, store }: Settings): Record<string, string> {
  return {
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    AWS_ENDPOINT_URL: store.endpoint,
    AWS_ACCESS_KEY_ID: store.accessKey,
    AWS_SECRET_ACCESS_KEY: store.secretKey,
    AWS_REGION: store.region,
    MICROTOME_BUCKET: store.bucket,
  };
}

function storeFrom(env: NodeJS.ProcessEnv, state: RunState | undefined): StoreSettings | undefined {
  const endpoint = env["AWS_ENDPOINT_URL"] ?? state?.store.endpoint;
  if (endpoint === undefined) return undefined;
  return {
    endpoint,
    ...credentialsFrom(env, state),
    region: env["AWS_REGION"] ?? "us-east-1",
    bucket: env["MICROTOME_BUCKET"] ?? state?.store.bucket ?? "microtome",
  };
}

function credentialsFrom(env: NodeJS.ProcessEnv, state: RunState | undefined) {
  const accessKey = env["AWS_ACCESS_KEY_ID"];
  const secretKey = env["AWS_SECRET_ACCESS_KEY"];
  if (accessKey !== undefined && secretKey !== undefined) return { accessKey, secretKey };
  if (state === undefined || !existsSync(state.store.credentialsFile)) {
    return { accessKey: "", secretKey: "" };
  }
  return JSON.parse(readFileSync(state.store.credentialsFile, "utf8")) as {
    accessKey: string;
    secretKey: string;
  };
}

/** The nearest `.microtome/` with a state file, from `folder` upwards. */
function findStack(folder: string): string | undefined {
  const candidate = join(folder, ".microtome");
  if (existsSync(join(candidate, "state.json"))) return candidate;
  const parent = dirname(folder);
  return parent === folder ? undefined : findStack(parent);
}

function readState(stack: string): RunState | undefined {
  const file = join(stack, "state.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as RunState) : undefined;
}

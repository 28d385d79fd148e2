import type { ConnectionOptions } from "@temporalio/client";
import { readSettings, type Settings } from "../activities/settings.ts";
import { InvalidInput } from "../domain/errors.ts";
import { CommandEnd, EXIT } from "./exit.ts";

export interface Servers {
  readonly settings: Settings;
  /** What else Temporal's own configuration says of the connection: TLS, an API key, headers. */
  readonly profile: Pick<ConnectionOptions, "tls" | "apiKey" | "metadata">;
}

/**
 * Where the servers are: by `temporal.toml` and `TEMPORAL_*` first, then by our own environment and
 * the running local stack. Undefined where none of them says.
 */
export async function findServers(): Promise<Servers | undefined> {
  const { connectionOptions, namespace } = await loadProfile();
  const { address, tls, apiKey, metadata } = connectionOptions;
  const named = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
  const settings = readSettings(
    { ...withoutEmpty(process.env), ...withoutEmpty(named) },
    process.cwd(),
  );
  if (settings === undefined) return undefined;
  const profile = {
    ...(tls === undefined ? {} : { tls }),
    ...(typeof apiKey === "string" ? { apiKey } : {}),
    ...(metadata === undefined ? {} : { metadata: metadata as Record<string, string> }),
  };
  return { settings, profile };
}

/** The same, or the end of the command with exit code 3. */
export async function requireServers(): Promise<Servers> {
  const servers = await findServers();
  if (servers !== undefined) return servers;
  throw new CommandEnd(
    EXIT.unreachable,
    "No servers: there is no running local stack in this folder or above it (`microtome up` starts one), and TEMPORAL_ADDRESS and AWS_ENDPOINT_URL are not both set",
  );
}

/** A variable that is set to nothing says nothing. */
function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
}

async function loadProfile() {
  const { loadClientConnectConfig } = await import("@temporalio/envconfig");
  try {
    return loadClientConnectConfig();
  } catch (cause) {
    throw new InvalidInput(`temporal.toml: ${(cause as Error).message}`, { cause });
  }
}

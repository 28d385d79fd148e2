import type { Client } from "@temporalio/client";
import type { ObjectStore } from "../activities/deps.ts";
import type { Settings } from "../activities/settings.ts";
import { isDomainError, StoreUnavailable } from "../domain/errors.ts";
import { CommandEnd, EXIT } from "./exit.ts";
import { requireServers } from "./find-servers.ts";

/** Both servers, reached. */
export interface Session {
  readonly settings: Settings;
  readonly client: Client;
  readonly store: ObjectStore;
  close(): Promise<void>;
}

const TIMEOUT_MS = 5000;
/** How long the store's client repeats a refused connection before it gives up. */
const PROBE_MS = 2000;

/**
 * Reach both servers, or end the command with exit code 3 and one line that names the address.
 *
 * Loads the clients only now, so that `--help` and a rejected batch file cost nothing.
 */
export async function connect(): Promise<Session> {
  const { profile, settings } = await requireServers();
  const { Client, Connection } = await import("@temporalio/client");
  const { address, namespace } = settings.temporal;
  const store = await reachStore(settings);
  const connection = await Connection.connect({
    address,
    connectTimeout: TIMEOUT_MS,
    ...profile,
  }).catch((cause: unknown) => {
    throw new CommandEnd(EXIT.unreachable, `Temporal at ${address} ${reason(cause)}`, { cause });
  });
  return {
    settings,
    client: new Client({ connection, namespace }),
    store,
    close: () => connection.close(),
  };
}

/** Reach the store alone, for commands that only read artifacts. */
export async function connectStore(): Promise<Pick<Session, "settings" | "store">> {
  const { settings } = await requireServers();
  return { settings, store: await reachStore(settings) };
}

/** A store that has answered once; a listing, because its refusals say why and those of HEAD do not. */
async function reachStore(settings: Settings): Promise<ObjectStore> {
  const { createMinioStore } = await import("../activities/stores/minio-store.ts");
  const { storeOptions } = await import("../activities/stores/store-options.ts");
  const options = storeOptions(settings.store);
  const probe = createMinioStore({ ...options, giveUpAfterMs: PROBE_MS });
  let late: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    late = setTimeout(() => {
      reject(new StoreUnavailable(`no answer from ${settings.store.endpoint} in time`));
    }, TIMEOUT_MS);
  });
  try {
    await Promise.race([firstOf(probe.list("batches/.reachable/")), timeout]);
    return createMinioStore(options);
  } catch (cause) {
    if (!isDomainError(cause)) throw cause;
    throw new CommandEnd(EXIT.unreachable, cause.message, { cause });
  } finally {
    clearTimeout(late);
  }
}

async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

function reason(cause: unknown): string {
  const { code } = (cause as { cause?: { code?: number } }).cause ?? {};
  if (code === 7 || code === 16) return "refuses the credentials";
  return `cannot be reached: ${(cause as Error).message}`;
}

import { randomUUID } from "node:crypto";
import { Connection, type ConnectionOptions } from "@temporalio/client";
import { InvalidInput, StoreDenied } from "../../domain/errors.ts";
import type { StoreSettings } from "../../activities/settings.ts";
import { createMinioClient } from "../../activities/stores/minio-client.ts";
import { toStoreError } from "../../activities/stores/minio-failures.ts";
import { storeOptions } from "../../activities/stores/store-options.ts";
import type { Check } from "./doctor.ts";

export interface TemporalTarget {
  readonly address: string;
  readonly namespace: string;
  /** What else the connection needs: TLS, an API key. */
  readonly options?: ConnectionOptions;
}

const START = "Run `microtome up`, or name the servers in the environment";
const PATIENCE_MS = 5000;
const SKEW_WARN_S = 60;
/** S3 servers refuse requests that are further off than this. */
const SKEW_FAIL_S = 15 * 60;

export async function checkTemporal(target: TemporalTarget | undefined): Promise<readonly Check[]> {
  const name = "Temporal";
  if (target === undefined)
    return [{ name, ok: false, detail: "no address known", fix: START, unreachable: true }];
  const { address, namespace, options } = target;
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ ...options, address, connectTimeout: PATIENCE_MS });
    await connection.withDeadline(Date.now() + PATIENCE_MS, () =>
      connection!.workflowService.describeNamespace({ namespace }),
    );
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    return [
      { name, ok: true, detail: `server ${serverVersion} at ${address}, namespace ${namespace}` },
    ];
  } catch (error) {
    const detail = `${address}, namespace ${namespace}: ${firstLine(error)}`;
    return [{ name, ok: false, detail, fix: START, unreachable: true }];
  } finally {
    await connection?.close();
  }
}

/** Reachable, credentials, bucket, clock, and the conditional write that a commit rests on. */
export async function checkStore(settings: StoreSettings | undefined): Promise<readonly Check[]> {
  const name = "Object store";
  if (settings === undefined)
    return [{ name, ok: false, detail: "no endpoint known", fix: START, unreachable: true }];
  const { endpoint, bucket } = settings;
  const date = await serverDate(endpoint);
  if (date === undefined) {
    return [
      { name, ok: false, detail: `no answer from ${endpoint}`, fix: START, unreachable: true },
    ];
  }
  const clock = clockCheck(date);
  try {
    const client = createMinioClient({ ...storeOptions(settings), idleTimeoutMs: PATIENCE_MS });
    if (!(await client.bucketExists(bucket))) {
      const fix = `Make it, or set MICROTOME_BUCKET to one that exists`;
      return [{ name, ok: false, detail: `${endpoint} has no bucket ${bucket}`, fix }, clock];
    }
    const honoured = await honoursIfNoneMatch(client, bucket);
    return [
      { name, ok: true, detail: `${endpoint}, bucket ${bucket}, credentials accepted` },
      {
        name: "Conditional write",
        ok: honoured,
        detail: honoured
          ? "If-None-Match is honoured"
          : "a second put with If-None-Match: * was accepted",
        ...(!honoured && {
          fix: "Use a store that honours If-None-Match: two workers could commit the same result",
        }),
      },
      clock,
    ];
  } catch (error) {
    const failure = toStoreError(error, endpoint, bucket);
    const fix =
      failure instanceof StoreDenied
        ? "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        : failure instanceof InvalidInput
          ? "Check AWS_ENDPOINT_URL and MICROTOME_BUCKET"
          : START;
    return [{ name, ok: false, detail: firstLine(failure), fix, unreachable: true }, clock];
  }
}

type MinioClient = ReturnType<typeof createMinioClient>;

async function honoursIfNoneMatch(client: MinioClient, bucket: string): Promise<boolean> {
  const key = `.doctor/${randomUUID()}`;
  const put = (text: string) => {
    const body = Buffer.from(text);
    return client.putObject(bucket, key, body, body.length, { "If-None-Match": "*" });
  };
  try {
    await put("first");
    try {
      await put("second");
      return false;
    } catch (error) {
      if ((error as { code?: unknown }).code === "PreconditionFailed") return true;
      throw error;
    }
  } finally {
    await client.removeObject(bucket, key).catch(() => {});
  }
}

/** What time the server thinks it is; undefined when nobody answers at all. */
async function serverDate(endpoint: string): Promise<string | undefined> {
  try {
    const response = await fetch(endpoint, {
      method: "HEAD",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return response.headers.get("date") ?? "";
  } catch {
    return undefined;
  }
}

function clockCheck(date: string): Check {
  const name = "Clock";
  const seconds = Math.round(Math.abs(Date.now() - Date.parse(date)) / 1000);
  if (Number.isNaN(seconds))
    return { name, ok: "warn", detail: "the store does not say what time it is" };
  const detail = `${seconds} s from the store's`;
  if (seconds < SKEW_WARN_S) return { name, ok: true, detail };
  return {
    name,
    ok: seconds < SKEW_FAIL_S ? "warn" : false,
    detail,
    fix: "Set this machine's clock (NTP)",
  };
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0]!;
}

import { setTimeout as sleep } from "node:timers/promises";
import {
  Capacity,
  CorruptData,
  InvalidInput,
  isDomainError,
  NotFound,
  StoreDenied,
  StoreUnavailable,
} from "../../domain/errors.ts";
import { codeOf } from "./disk-failures.ts";

const DENIED = new Set([
  "AccessDenied",
  "AccountProblem",
  "AllAccessDisabled",
  "AuthorizationHeaderMalformed",
  "ExpiredToken",
  "InvalidAccessKeyId",
  "InvalidSecurity",
  "InvalidToken",
  "NotSignedUp",
  "RequestTimeTooSkewed",
  "SignatureDoesNotMatch",
]);

const INVALID = new Set([
  "EntityTooLarge",
  "InvalidArgument",
  "InvalidBucketName",
  "KeyTooLongError",
  "XMinioInvalidObjectName",
  "XMinioParentIsObject",
]);

/** A body whose digest is not the one that was signed: sent again, it would be the same. */
const DAMAGED = new Set(["BadDigest", "XAmzContentSHA256Mismatch"]);

const FULL = new Set([
  "XMinioStorageFull",
  "InsufficientStorage",
  "QuotaExceeded",
  "XMinioAdminBucketQuotaExceeded",
]);

/** A key that is not there: GET says the first, HEAD (without a body) the second. */
export const isMissing = (error: unknown) => ["NoSuchKey", "NotFound"].includes(codeOf(error));

/** What a failed request means. @param where the endpoint and bucket, for people */
export function toStoreError(error: unknown, where: string, bucket: string): Error {
  if (isDomainError(error)) return error;
  const code = codeOf(error);
  const text = `${code}${code === "" ? "" : ": "}${error instanceof Error ? error.message : String(error)}`;
  if (code === "NoSuchBucket") {
    return new NotFound(`Bucket ${bucket} does not exist at ${where}`, { cause: error });
  }
  if (DENIED.has(code)) {
    return new StoreDenied(`The object store at ${where} refuses the credentials: ${text}`, {
      cause: error,
    });
  }
  if (FULL.has(code)) {
    return new Capacity(`The object store at ${where} is full: ${text}`, { cause: error });
  }
  if (INVALID.has(code) || (error instanceof Error && /^Invalid\w+Error$/.test(error.name))) {
    return new InvalidInput(`The object store at ${where} refuses the request: ${text}`, {
      cause: error,
    });
  }
  if (DAMAGED.has(code)) {
    return new CorruptData(`What arrived at ${where} is not what was sent: ${text}`, {
      cause: error,
    });
  }
  return new StoreUnavailable(
    `The object store at ${where} cannot be reached or cannot serve: ${text}`,
    {
      cause: error,
    },
  );
}

export interface RetryPolicy {
  /** Milliseconds before the second attempt; doubled for each further one, up to 4 s. */
  readonly firstDelayMs: number;
  /** No attempt begins later than this many milliseconds after the first. */
  readonly giveUpAfterMs: number;
}

/**
 * Ask again while the store is unavailable, and only then; minio-js itself retries no lost
 * connection. The last failure is thrown.
 *
 * @param request given how many attempts failed before this one
 * @param translate makes the domain error of whatever the request throws
 */
export async function retrying<T>(
  policy: RetryPolicy,
  translate: (error: unknown) => Error,
  request: (failed: number) => Promise<T>,
): Promise<T> {
  const start = performance.now();
  for (let failed = 0; ; failed++) {
    try {
      return await request(failed);
    } catch (error) {
      const failure = translate(error);
      const delay =
        Math.min(4000, policy.firstDelayMs * 2 ** failed) * (0.75 + 0.5 * Math.random());
      const late = performance.now() - start + delay > policy.giveUpAfterMs;
      if (!(failure instanceof StoreUnavailable) || late) throw failure;
      await sleep(delay);
    }
  }
}

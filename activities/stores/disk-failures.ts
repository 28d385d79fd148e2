import {
  Capacity,
  InvalidInput,
  isDomainError,
  StoreDenied,
  StoreUnavailable,
} from "../../domain/errors.ts";

/** The `code` of a system error, or "". */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? code : "";
}

/** What a failed file operation means for a store. @param action what was tried, as in "store a/b in /data" */
export function toStoreError(error: unknown, action: string): Error {
  if (isDomainError(error)) return error;
  const message = `Cannot ${action}: ${error instanceof Error ? error.message : String(error)}`;
  switch (codeOf(error)) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new Capacity(message, { cause: error });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new StoreDenied(message, { cause: error });
    case "EEXIST":
    case "ENOTDIR":
    case "EISDIR":
    case "ENOTEMPTY":
      return new InvalidInput(`${message}; a key cannot be both an object and a folder`, {
        cause: error,
      });
    default:
      return new StoreUnavailable(message, { cause: error });
  }
}

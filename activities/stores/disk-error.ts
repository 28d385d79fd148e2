import { Capacity, InvalidInput } from "../../domain/errors.ts";
import { codeOf } from "./disk-failures.ts";

/** What a failed write means for who asked for it; anything that is no disk's failure as it is. */
export function toDiskError(error: unknown, path: string): unknown {
  const message = `cannot write to ${path}: ${error instanceof Error ? error.message : String(error)}`;
  switch (codeOf(error)) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new Capacity(message, { cause: error });
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "EEXIST":
    case "EISDIR":
    case "ENOTDIR":
    case "ENAMETOOLONG":
      return new InvalidInput(message, { cause: error });
    default:
      return error;
  }
}

import { statfsSync } from "node:fs";

/** A piece that could not be brought; the message is the one line a person reads, and says what to do. */
export class SetupFailure extends Error {
  name = "SetupFailure";
}

/** Something asked us to stop: Ctrl-C, a closed terminal. Not a failure of any piece. */
export class Interrupted extends Error {
  name = "Interrupted";
}

const UNREACHABLE =
  /NewConnectionError|ConnectionError|Connection (?:aborted|refused|reset|broken)|Max retries|[Tt]imed? ?out|Temporary failure in name|Name or service not known|No route to host|ProxyError|SSLError|IncompleteRead|ENOTFOUND|ECONNRESET|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|no such host|connection refused|i\/o timeout|unexpected EOF|network is unreachable/;

/** Whether a client's output says that it did not get through to its registry. */
export function saysUnreachable(output) {
  return UNREACHABLE.test(output);
}

/** Whatever was thrown while a piece was built, as one line. `folder` is where its bytes went. */
export function toLine(error, folder) {
  if (error?.code === "ENOSPC" || /ENOSPC|No space left on device/i.test(error?.message ?? "")) {
    return `The disk is full: ${free(folder)} free in ${folder}. Free some space (or set XDG_CACHE_HOME to a folder on a larger disk) and run again`;
  }
  if (error?.code === "EACCES" || error?.code === "EROFS") {
    return `Cannot write ${error.path ?? folder} (${error.code}): make it writable, or set XDG_CACHE_HOME to a folder that is`;
  }
  if (error instanceof SetupFailure) return oneLine(error.message);
  return oneLine(String(error?.message ?? error));
}

function oneLine(text) {
  return text.replaceAll(/\s*\n\s*/g, " ").trim();
}

function free(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return `${Math.round((bavail * bsize) / 2 ** 20)} MB`;
  } catch {
    return "little";
  }
}

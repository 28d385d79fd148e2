import { StoreDenied, StoreUnavailable } from "../../domain/errors.ts";

/** Told of each part of a report that is missing. */
export interface Gaps {
  readonly signal: AbortSignal;
  readonly notice: (gap: string) => void;
}

/**
 * Read a part of a report; where that fails, notice the gap and go on without it. A store that is
 * away is no gap, and neither is the caller's wish to stop: those are thrown.
 */
export async function attempt<T>(
  what: string,
  { signal, notice }: Gaps,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StoreUnavailable || error instanceof StoreDenied) throw error;
    notice(`Not shown: ${what} (${error instanceof Error ? error.message : String(error)})`);
    return undefined;
  }
}

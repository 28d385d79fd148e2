import { CommandEnd, EXIT } from "./exit.ts";

/** Do something that Ctrl-C stops in an orderly way: it gets a signal, and `message` says how it ended. */
export async function interruptible<T>(
  message: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const interrupt = () => abort.abort(new CommandEnd(EXIT.interrupted, message));
  process.once("SIGINT", interrupt);
  try {
    return await work(abort.signal);
  } catch (error) {
    // Streams wrap the reason in an error of their own.
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    process.off("SIGINT", interrupt);
  }
}

/** Read a part of a report; where that fails, `notice` the gap and go on without it. */
export async function attempt<T>(
  what: string,
  notice: (gap: string) => void,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    // Giving up is the caller's wish, not a gap.
    if (error instanceof Error && error.name === "AbortError") throw error;
    notice(`Not shown: ${what} (${error instanceof Error ? error.message : String(error)})`);
    return undefined;
  }
}

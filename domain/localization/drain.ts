/** Run something that yields its progress to its end, for whoever does not watch. */
export async function drain<T>(steps: AsyncGenerator<unknown, T, void>): Promise<T> {
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return next.value;
  }
}

/**
 * The results of `begin` for each item, in order, with up to `width` of them begun before they are
 * asked for. Memory: `width` results.
 */
export async function* readAhead<T, R>(
  items: readonly T[],
  width: number,
  begin: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const coming: Promise<R>[] = [];
  let next = 0;
  try {
    for (let done = 0; done < items.length; done++) {
      while (next < items.length && coming.length < width) {
        const promise = begin(items[next++]!);
        // It may fail before somebody waits for it.
        promise.catch(() => undefined);
        coming.push(promise);
      }
      yield await coming.shift()!;
    }
  } finally {
    await Promise.allSettled(coming);
  }
}

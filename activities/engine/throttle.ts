/**
 * Let at most one value pass per `everyMs`, and always the last one.
 *
 * `flush` passes on what is being held back; call it before what must come after.
 */
export function throttle<T>(
  everyMs: number,
  pass: (value: T) => void,
): { readonly push: (value: T) => void; readonly flush: () => void } {
  let held: { readonly value: T } | undefined;
  let passedAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (held === undefined) return;
    const { value } = held;
    held = undefined;
    passedAt = performance.now();
    pass(value);
  };
  return {
    push(value) {
      held = { value };
      const wait = passedAt + everyMs - performance.now();
      if (wait <= 0) flush();
      else timer ??= setTimeout(flush, wait);
    },
    flush,
  };
}

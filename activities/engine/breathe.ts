/**
 * Give the event loop one turn.
 *
 * TensorFlow's operations hold the thread. A job awaits this between two steps, or neither its
 * progress gets out nor a cancellation in.
 */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

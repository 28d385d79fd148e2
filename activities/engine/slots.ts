import { untilAborted } from "./until-aborted.ts";
import { deferred, type Deferred } from "./deferred.ts";

/** A few things that many want, one at a time each. */
export interface Slots<T> {
  /** The thing given back last, or the next one to be; first come, first served. */
  take(signal: AbortSignal): Promise<T>;
  give(thing: T): void;
  /** Wait until all have been given back at once. */
  allFree(): Promise<void>;
}

export function createSlots<T>(things: readonly T[]): Slots<T> {
  const free = [...things];
  const queue: Deferred<T>[] = [];
  const idle: Deferred<void>[] = [];

  const give = (thing: T) => {
    const next = queue.shift();
    if (next) return next.resolve(thing);
    free.push(thing);
    if (free.length === things.length) idle.splice(0).forEach((waiting) => waiting.resolve());
  };
  return {
    give,
    async take(signal) {
      signal.throwIfAborted();
      const next = free.pop();
      if (next !== undefined) return next;
      const turn = deferred<T>();
      queue.push(turn);
      try {
        return await untilAborted(turn.promise, signal);
      } catch (error) {
        const at = queue.indexOf(turn);
        if (at >= 0) queue.splice(at, 1);
        else void turn.promise.then((thing) => give(thing)); // it came too late
        throw error;
      }
    },
    async allFree() {
      if (free.length === things.length) return;
      const waiting = deferred<void>();
      idle.push(waiting);
      await waiting.promise;
    },
  };
}

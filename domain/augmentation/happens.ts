import type { Random } from "../random.ts";

/** Toss for an operation. What is not configured never happens, and takes no random number. */
export function happens<T extends { readonly p: number }>(
  options: T | undefined,
  random: Random,
): options is T {
  return options !== undefined && random.next() < options.p;
}

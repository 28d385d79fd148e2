import { isDomainError } from "../../domain/errors.ts";
import { collectGarbage } from "./collect-garbage.ts";
import * as tasks from "./voxel-tasks.ts";

// What a voxel thread runs; `voxel-threads.ts` starts it. Shared memory arrives as it is. An error
// would lose its class on the way: a domain error travels as its name and text.

/** What a task came to. */
export type Answer =
  | { readonly value: unknown }
  | { readonly error: { readonly name: string; readonly message: string } };

function answer(task: () => unknown): Answer {
  try {
    return { value: task() };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { error: { name: error.name, message: error.message } };
  }
}

/** Does nothing but load what the other tasks need. */
export function wake(): void {}

export const encodeShard = (input: tasks.EncodeShard): Answer =>
  answer(() => {
    const encoded = tasks.encodeShard(input);
    collectGarbage();
    return encoded;
  });

export const decodeChunks = (input: tasks.DecodeChunks): Answer =>
  answer(() => {
    tasks.decodeChunks(input);
    collectGarbage();
  });

export const halveSlab = (input: tasks.HalveSlab): Answer => answer(() => tasks.halveSlab(input));

import { isDomainError } from "../../domain/errors.ts";
import { keys } from "../../schemas/names.ts";
import type { ObjectStore } from "../deps.ts";

/** More than one, so that a damaged newest one costs an interval and not the campaign. */
const KEPT = 3;

const DIGITS = 9;

/** The checkpoints of one campaign. */
export interface Checkpoints {
  /**
   * Store the state at a step, and drop all but the newest few up to it. Later ones (damaged, or of
   * a training that differed) do not count: they must not push out what a resume can use.
   */
  save(step: number, bytes: Uint8Array): Promise<void>;
  /**
   * Hand the newest checkpoint that `restore` accepts to it; older ones when it throws a domain
   * error (damaged, of another version, or of another training). Returns its step, undefined when
   * there is none.
   */
  restoreNewest(restore: (bytes: Uint8Array) => void | Promise<void>): Promise<number | undefined>;
}

export function createCheckpoints(store: ObjectStore, campaign: string): Checkpoints {
  const prefix = `${keys.checkpoints(campaign)}/`;
  const keyOf = (step: number) => `${prefix}${String(step).padStart(DIGITS, "0")}/checkpoint.bin`;
  const newestFirst = async () => {
    const found: string[] = [];
    for await (const { key } of store.list(prefix)) found.push(key);
    return found.sort().reverse();
  };
  return {
    async save(step, bytes) {
      await store.put(keyOf(step), bytes);
      const upToNow = (await newestFirst()).filter((key) => key <= keyOf(step));
      for (const key of upToNow.slice(KEPT)) await store.delete(key);
    },
    async restoreNewest(restore) {
      for (const key of await newestFirst()) {
        const bytes = await store.get(key);
        if (bytes === undefined) continue;
        try {
          await restore(bytes);
          return Number(key.slice(prefix.length, prefix.length + DIGITS));
        } catch (error) {
          if (!isDomainError(error)) throw error;
        }
      }
      return undefined;
    },
  };
}

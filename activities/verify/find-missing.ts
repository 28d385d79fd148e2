import type { Output } from "../../schemas/manifest.ts";
import type { ObjectStore } from "../deps.ts";
import { inParallel } from "../volumes/in-parallel.ts";

/** Questions to the store at once. */
const WIDTH = 16;

/**
 * The first of the promised objects, in their order, that is not there with its length, in words;
 * undefined when all are. Cheap: nothing is read.
 */
export async function findMissing(
  store: ObjectStore,
  outputs: readonly Output[],
): Promise<string | undefined> {
  const wrong: (string | undefined)[] = [];
  await inParallel(outputs.entries(), WIDTH, async ([index, { key, bytes }]) => {
    const found = await store.head(key);
    if (found === undefined) wrong[index] = `${store.url(key)} is missing`;
    else if (found.bytes !== bytes) {
      wrong[index] = `${store.url(key)} has ${found.bytes} bytes, expected ${bytes}`;
    }
  });
  return wrong.find((problem) => problem !== undefined);
}

import { NotFound } from "../../domain/errors.ts";
import type { ObjectInfo, ObjectStore } from "../deps.ts";
import { inParallel } from "./in-parallel.ts";
import type { LongOptions } from "./write-pyramid.ts";

/** Objects copied at once. */
const WIDTH = 8;

/** Copy every object below `from/` to the same place below `to/` in another store. */
export async function copyPrefix(
  source: ObjectStore,
  from: string,
  target: ObjectStore,
  to: string,
  { signal, onProgress }: LongOptions = {},
): Promise<void> {
  const objects: ObjectInfo[] = [];
  for await (const object of source.list(`${from}/`)) objects.push(object);
  const total = objects.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  await inParallel(objects, WIDTH, async ({ key }) => {
    signal?.throwIfAborted();
    const bytes = await source.get(key);
    if (bytes === undefined)
      throw new NotFound(`${source.url(key)} was deleted while it was copied`);
    await target.put(to + key.slice(from.length), bytes);
    done += bytes.length;
    onProgress?.(total === 0 ? 1 : done / total);
  });
}

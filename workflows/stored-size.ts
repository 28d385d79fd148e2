import type { StoredSize } from "../schemas/result.ts";

/** What a stage says of the size of what it stored; numbers of objects where it counted them. */
export function storedSize({
  bytes,
  level0Bytes,
  objects,
  level0Objects,
}: {
  readonly bytes: number;
  readonly level0Bytes: number;
  readonly objects?: number;
  readonly level0Objects?: number;
}): StoredSize {
  return {
    level0Bytes,
    bytes,
    ...(level0Objects === undefined ? {} : { level0Objects }),
    ...(objects === undefined ? {} : { objects }),
  };
}

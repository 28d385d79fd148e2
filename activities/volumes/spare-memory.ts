import type { Region } from "./voxel-memory.ts";

/**
 * Memory for shards, used again: new buffers of tens of megabytes would keep V8's collector and the
 * kernel busy.
 */
export interface SpareMemory {
  take(bytes: number): Region;
  /** Give back what nobody looks at any more. */
  give(memory: Region): void;
}

export function createSpareMemory(allocate: (bytes: number) => Region): SpareMemory {
  const spare: Region[] = [];
  return {
    take(bytes) {
      const found = spare.findIndex((region) => region.bytes === bytes);
      return found < 0 ? allocate(bytes) : spare.splice(found, 1)[0]!;
    },
    give: (memory) => void spare.push(memory),
  };
}

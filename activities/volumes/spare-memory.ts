/**
 * Memory for shards, used again: new buffers of tens of megabytes would keep V8's collector and the
 * kernel busy.
 */
export interface SpareMemory {
  take(bytes: number): ArrayBufferLike;
  /** Give back what nobody looks at any more. */
  give(memory: ArrayBufferLike): void;
}

export function createSpareMemory(allocate: (bytes: number) => ArrayBufferLike): SpareMemory {
  const spare: ArrayBufferLike[] = [];
  return {
    take(bytes) {
      const found = spare.findIndex(({ byteLength }) => byteLength === bytes);
      return found < 0 ? allocate(bytes) : spare.splice(found, 1)[0]!;
    },
    give: (memory) => void spare.push(memory),
  };
}

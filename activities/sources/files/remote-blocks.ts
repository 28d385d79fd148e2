/** Reads of this length and more go out as they are, and are not kept. */
const LARGE = 1024 * 1024;
/** What the first small read in a new place brings. */
const BLOCK = 64 * 1024;
/** Enough for a directory, its lists of strips, and the strips themselves. */
const KEPT = 4;

interface Block {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/**
 * Reads at any place of a file of `size` bytes, when asking costs more than reading: a small read
 * brings a block, and reads that follow each other bring twice as much each time, up to 1 MiB.
 * Memory: 4 blocks.
 *
 * @param fetch exactly these bytes
 * @param first what is known of the beginning
 */
export function createBlockReader(
  size: number,
  first: Uint8Array,
  fetch: (offset: number, length: number) => Promise<Uint8Array>,
): (target: Uint8Array, offset: number) => Promise<void> {
  let blocks: Block[] = [{ start: 0, bytes: first }];

  function find(offset: number, length: number): Block | undefined {
    return blocks.find(
      ({ start, bytes }) => offset >= start && offset + length <= start + bytes.length,
    );
  }

  async function load(offset: number, length: number): Promise<Block> {
    // Goes on where a block ends, or begins inside it and needs more.
    const before = blocks.find(
      ({ start, bytes }) => offset >= start && offset <= start + bytes.length,
    );
    const ahead = before === undefined ? BLOCK : Math.min(LARGE, before.bytes.length * 2);
    const bytes = await fetch(offset, Math.min(size - offset, Math.max(length, ahead)));
    const block = { start: offset, bytes };
    blocks = [block, ...blocks.filter((other) => other !== before)].slice(0, KEPT);
    return block;
  }

  return async function read(target, offset) {
    const { length } = target;
    if (length === 0) return;
    const known = find(offset, length);
    if (known === undefined && length >= LARGE) {
      target.set(await fetch(offset, length));
      return;
    }
    const { start, bytes } = known ?? (await load(offset, length));
    target.set(bytes.subarray(offset - start, offset - start + length));
  };
}

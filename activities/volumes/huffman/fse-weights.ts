/** Bits of the states; the most that zstd allows for weights. */
const TABLE_BITS = 6;
const TABLE = 1 << TABLE_BITS;

/**
 * Weights of a Huffman code by finite state entropy, as zstd stores them: how probable each weight
 * is, then the bits of two states that take turns. Undefined where that is impossible (only one
 * weight) or takes 128 bytes or more.
 *
 * @param weights each 0 to 12
 * @see RFC 8878, 4.1 and 4.2.1.2
 */
export function fseWeights(weights: Uint8Array): Uint8Array | undefined {
  const counts = new Uint16Array(13);
  for (const weight of weights) counts[weight]!++;
  if (weights.length < 2 || counts.some((count) => count === weights.length)) return undefined;
  const shares = normalize(counts, weights.length);
  const bits = createBits();
  writeShares(bits, shares);
  bits.align();
  writeStates(bits, weights, shares);
  const bytes = bits.bytes();
  return bytes.length < 128 ? bytes : undefined;
}

/** Bits, the lowest of a byte first. */
function createBits() {
  const bytes: number[] = [];
  let [held, holds] = [0, 0];
  return {
    add(value: number, count: number): void {
      held |= (value & ((1 << count) - 1)) << holds;
      for (holds += count; holds >= 8; holds -= 8, held >>>= 8) bytes.push(held & 0xff);
    },
    align(): void {
      if (holds > 0) bytes.push(held);
      [held, holds] = [0, 0];
    },
    bytes: () => Uint8Array.from(bytes),
  };
}

type Bits = ReturnType<typeof createBits>;

/** Shares of the table's cells, in proportion to the counts; at least one where there is any. */
function normalize(counts: Uint16Array, total: number): Uint16Array {
  const shares = counts.map((count) =>
    count === 0 ? 0 : Math.max(1, Math.round((count * TABLE) / total)),
  );
  let rest = TABLE - shares.reduce((sum, share) => sum + share, 0);
  while (rest !== 0) {
    // The largest share feels it least.
    const largest = shares.indexOf(Math.max(...shares));
    const step = rest > 0 ? rest : Math.max(rest, -(shares[largest]! >> 1));
    shares[largest]! += step;
    rest -= step;
  }
  return shares;
}

/** 4.1.1: how many cells each symbol has, in as few bits as what is left allows. */
function writeShares(bits: Bits, shares: Uint16Array): void {
  bits.add(TABLE_BITS - 5, 4);
  let left = TABLE + 1;
  let symbol = 0;
  while (left > 1) {
    const share = shares[symbol++]!;
    // Values up to `left`, the smaller ones of which take a bit less.
    const width = 32 - Math.clz32(left);
    const short = 2 ** width - 1 - left;
    const value = share + 1;
    if (value < short) bits.add(value, width - 1);
    else bits.add(value < 2 ** (width - 1) ? value : value + short, width);
    left -= share;
    if (share > 0 || left <= 1) continue;
    // How many more zeros follow, two bits at a time; three say that it goes on.
    let zeros = 0;
    while (shares[symbol + zeros] === 0) zeros++;
    symbol += zeros;
    for (; zeros >= 3; zeros -= 3) bits.add(3, 2);
    bits.add(zeros, 2);
  }
}

/** 4.1.1: the cells of the table, each with its symbol, spread as the decoder spreads them. */
function spread(shares: Uint16Array): Uint8Array {
  const cells = new Uint8Array(TABLE);
  let at = 0;
  for (const [symbol, share] of shares.entries()) {
    for (let i = 0; i < share; i++) {
      cells[at] = symbol;
      at = (at + (TABLE >> 1) + (TABLE >> 3) + 3) & (TABLE - 1);
    }
  }
  return cells;
}

/**
 * The bits that take the decoder from the first symbol to the last, which are found backwards. Of a
 * symbol with `share` cells, the `k`th cell reads the bits that lead from `(share + k)` to a state.
 */
function writeStates(bits: Bits, weights: Uint8Array, shares: Uint16Array): void {
  const places: number[][] = Array.from(shares, () => []);
  for (const [cell, symbol] of spread(shares).entries()) places[symbol]!.push(cell);
  const states: [number?, number?] = [];
  for (let i = weights.length - 1; i >= 0; i--) {
    const symbol = weights[i]!;
    const share = shares[symbol]!;
    const following = states[i % 2];
    if (following === undefined) {
      // The last of its state: the symbol's first cell, which asks for bits, so that a decoder
      // notices that there are none.
      states[i % 2] = places[symbol]![0]!;
      continue;
    }
    // The one k whose range of following states, `(share + k) << width` on, holds this one.
    let width = 0;
    while ((following + TABLE) >> width >= 2 * share) width++;
    bits.add(following, width);
    states[i % 2] = places[symbol]![((following + TABLE) >> width) - share]!;
  }
  bits.add(states[1]!, TABLE_BITS);
  bits.add(states[0]!, TABLE_BITS);
  bits.add(1, 1);
  bits.align();
}

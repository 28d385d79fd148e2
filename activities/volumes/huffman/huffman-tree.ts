import { fseWeights } from "./fse-weights.ts";

/**
 * A description of a prefix code as zstd stores it before literals: the weight of every symbol but
 * the last one that occurs, plainly or by finite state entropy, whichever is shorter. Undefined for
 * the few codes that fit neither.
 *
 * @param lengths of the codes by symbol, 0 for none; a complete code
 * @see RFC 8878, 4.2.1
 */
export function huffmanTree(lengths: Uint8Array): Uint8Array | undefined {
  const weights = weightsOf(lengths);
  const packed = fseWeights(weights);
  const plain = (weights.length + 1) >> 1;
  if (weights.length > 128 || (packed !== undefined && packed.length < plain)) {
    if (packed === undefined) return undefined;
    const tree = new Uint8Array(1 + packed.length);
    tree[0] = packed.length;
    tree.set(packed, 1);
    return tree;
  }
  const tree = new Uint8Array(1 + plain);
  tree[0] = 127 + weights.length;
  for (const [i, weight] of weights.entries())
    tree[1 + (i >> 1)]! |= i % 2 === 0 ? weight << 4 : weight;
  return tree;
}

/** What the lengths are to zstd: 0 for none, 1 for the longest. The last symbol's follows from the others. */
function weightsOf(lengths: Uint8Array): Uint8Array {
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const last = lengths.findLastIndex((length) => length > 0);
  return lengths.subarray(0, last).map((length) => (length === 0 ? 0 : longest + 1 - length));
}

/** The codes, each `code | length << 16`: the longest come first, equally long ones by symbol. */
export function huffmanCodes(lengths: Uint8Array, codes: Int32Array): void {
  const at: number[] = new Array<number>(17).fill(0);
  for (const length of lengths) at[length]!++;
  const next: number[] = new Array<number>(17).fill(0);
  for (let length = 15, code = 0; length > 0; length--) {
    next[length] = code;
    code = (code + at[length]!) >> 1;
  }
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    codes[symbol] = length === 0 ? 0 : next[length]!++ | (length << 16);
  }
}

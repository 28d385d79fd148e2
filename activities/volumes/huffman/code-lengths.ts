/** The longest code that zstd allows for a literal. */
export const MAX_CODE_BITS = 11;

/**
 * The lengths of a Huffman code, 0 for symbols that do not occur: the shortest code there is, but
 * for codes of more than `MAX_CODE_BITS` bits, which are cut and paid for by the longest others. Always
 * complete: no sequence of bits is left over.
 *
 * @param counts of every symbol, of which at least two are positive
 * @see Moffat and Katajainen, In-place calculation of minimum-redundancy codes, WADS 1995
 */
export function codeLengths(counts: ArrayLike<number>): Uint8Array {
  const symbols: number[] = [];
  for (let symbol = 0; symbol < counts.length; symbol++) {
    if (counts[symbol]! > 0) symbols.push(symbol);
  }
  symbols.sort((a, b) => counts[a]! - counts[b]! || a - b);
  const depths = leafDepths(symbols.map((symbol) => counts[symbol]!));
  const lengths = new Uint8Array(counts.length);
  let next = symbols.length;
  // The most frequent ones are last and get the shortest codes.
  for (const [length, codes] of limit(depths).entries()) {
    for (let i = 0; i < codes; i++) lengths[symbols[--next]!] = length;
  }
  return lengths;
}

/** How many leaves of the tree lie at each depth, given their weights in ascending order. */
function leafDepths(weights: readonly number[]): number[] {
  const inner: number[] = [];
  const parents = { leaf: new Uint16Array(weights.length), inner: new Uint16Array(weights.length) };
  let [leaf, root] = [0, 0];
  const take = (parent: number): number => {
    const least = leaf < weights.length && !(inner[root]! < weights[leaf]!);
    if (!least) {
      parents.inner[root] = parent;
      return inner[root++]!;
    }
    parents.leaf[leaf] = parent;
    return weights[leaf++]!;
  };
  for (let i = 0; i < weights.length - 1; i++) inner.push(take(i) + take(i));
  const depth = new Uint16Array(weights.length);
  for (let i = weights.length - 3; i >= 0; i--) depth[i] = depth[parents.inner[i]!]! + 1;
  const at: number[] = [];
  for (const parent of parents.leaf) at[depth[parent]! + 1] = (at[depth[parent]! + 1] ?? 0) + 1;
  return Array.from(at, (n) => n ?? 0);
}

/** The same numbers of codes with none longer than `MAX_CODE_BITS`. */
function limit(depths: readonly number[]): number[] {
  const at = depths.slice(0, MAX_CODE_BITS + 1);
  for (const cut of depths.slice(MAX_CODE_BITS + 1)) at[MAX_CODE_BITS]! += cut;
  let used = at.reduce((sum, n, bits) => sum + n * 2 ** (MAX_CODE_BITS - bits), 0);
  for (; used > 2 ** MAX_CODE_BITS; used--) {
    // One of the longest moves beside a shorter one, which gets a bit more.
    at[MAX_CODE_BITS]!--;
    let bits = MAX_CODE_BITS - 1;
    while (at[bits] === 0) bits--;
    at[bits]!--;
    at[bits + 1]! += 2;
  }
  return at;
}

/** A seeded stream of random numbers whose state can be stored and restored. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, n). */
  int(n: number): number;
  /** Uniform in [lo, hi). */
  uniform(lo: number, hi: number): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
  /** Four 32-bit words; hand them to `restoreRandom` to go on where this stream is. */
  state(): readonly [number, number, number, number];
}

/**
 * Start a stream. The same seed and label give the same numbers on every machine; different labels
 * of one seed give independent streams, so that adding a consumer does not shift the others.
 */
export function createRandom(seed: number, label = ""): Random {
  let h = (seed ^ 0x9e3779b9) >>> 0;
  const word = () => {
    // splitmix32
    h = (h + 0x9e3779b9) >>> 0;
    let t = h ^ (h >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
  for (let i = 0; i < label.length; i++) h = Math.imul(h ^ label.charCodeAt(i), 0x01000193) >>> 0;
  return restoreRandom([word(), word(), word(), word()]);
}

/** Go on with a stream from a stored state. @see https://prng.di.unimi.it (xoshiro128**) */
export function restoreRandom(state: readonly [number, number, number, number]): Random {
  let [a, b, c, d] = state.map((x) => x >>> 0) as [number, number, number, number];
  const rotl = (x: number, k: number) => ((x << k) | (x >>> (32 - k))) >>> 0;
  const bits = () => {
    const result = Math.imul(rotl(Math.imul(b, 5), 7), 9) >>> 0;
    const t = (b << 9) >>> 0;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c = (c ^ t) >>> 0;
    d = rotl(d, 11);
    a >>>= 0;
    b >>>= 0;
    return result;
  };
  const next = () => bits() / 2 ** 32;
  return {
    next,
    int: (n) => Math.floor(next() * n),
    uniform: (lo, hi) => lo + (hi - lo) * next(),
    // Box–Muller without a kept second value, so that `state` says everything.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    state: () => [a, b, c, d],
  };
}

import type { Random } from "../random.ts";

/** Layers of the ziggurat, the edge of its base, and the area of each layer. */
const LAYERS = 128;
const EDGE = 3.442619855899;
const AREA = 9.91256303526217e-3;

/** Right end of each layer and the density there, from the base up. */
const [ENDS, DENSITIES] = (() => {
  const density = (x: number) => Math.exp(-0.5 * x * x);
  const ends = new Float64Array(LAYERS + 1);
  ends[0] = AREA / density(EDGE);
  ends[1] = EDGE;
  for (let k = 2; k < LAYERS; k++) {
    ends[k] = Math.sqrt(-2 * Math.log(AREA / ends[k - 1]! + density(ends[k - 1]!)));
  }
  return [ends, ends.map(density)];
})();

/**
 * Fill an array with independent standard normal numbers, ten times as fast as `random.normal()`:
 * a stream of its own, seeded by four numbers of `random`, that never leaves this loop.
 *
 * @see Doornik (2005), "An improved ziggurat method to generate normal random samples"; the stream
 * is sfc32 of PractRand
 */
export function fillNormals(random: Random, out: Float32Array): void {
  const seed = () => (random.next() * 2 ** 32) | 0;
  let [a, b, c, counter] = [seed(), seed(), seed(), seed()];
  const bits = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t;
  };
  const unit = () => (bits() >>> 0) / 2 ** 32;
  for (let k = 0; k < 12; k++) bits();
  for (let i = 0; i < out.length; i++) {
    for (;;) {
      const word = bits();
      // Seven bits choose the layer, the other 25 the place in it, sign included.
      const layer = word & (LAYERS - 1);
      const x = ((word >> 7) / 2 ** 24) * ENDS[layer]!;
      const size = Math.abs(x);
      if (size < ENDS[layer + 1]!) {
        out[i] = x;
        break;
      }
      if (layer === 0) {
        out[i] = Math.sign(x) * tail(unit);
        break;
      }
      const [low, high] = [DENSITIES[layer]!, DENSITIES[layer + 1]!];
      if (low + unit() * (high - low) < Math.exp(-0.5 * x * x)) {
        out[i] = x;
        break;
      }
    }
  }
}

/** A normal number beyond the edge. @see Marsaglia (1964), "Generating a variable from the tail" */
function tail(unit: () => number): number {
  for (;;) {
    const x = -Math.log(1 - unit()) / EDGE;
    if (-2 * Math.log(1 - unit()) >= x * x) return EDGE + x;
  }
}

import type { Mask } from "./shape.ts";

/** Connected regions of a mask, numbered from 1 in the order of their first voxel. */
export interface Components {
  /** 0 where the mask is 0, else the number of the region, at the mask's voxels. */
  readonly labels: Int32Array;
  /** Voxels per region; `[0]` is unused and 0. */
  readonly sizes: readonly number[];
}

/**
 * Connected regions where voxels touch by face, edge or corner (26-connectivity).
 *
 * Works on runs along x: runs of neighbouring rows that overlap by at least a corner are united.
 */
export function components(mask: Mask): Components {
  const [z, y, x] = mask.shape;
  const runs = findRuns(mask);
  const { count, first } = runs;
  const parent = new Int32Array(count);
  for (let run = 0; run < count; run++) parent[run] = run;
  for (let k = 0; k < z; k++) {
    for (let j = 0; j < y; j++) {
      const row = k * y + j;
      if (first[row] === first[row + 1]) continue;
      if (j > 0) unite(runs, parent, row, row - 1);
      if (k === 0) continue;
      for (let other = j > 0 ? j - 1 : 0; other <= j + 1 && other < y; other++) {
        unite(runs, parent, row, (k - 1) * y + other);
      }
    }
  }
  return label(runs, parent, x, mask.data.length);
}

/**
 * Unite the runs of a row with those of another that they touch. The two rows are walked like a
 * zip; steps and tests are sums, because a processor cannot guess the turns of noise.
 */
function unite({ edges, first }: Runs, parent: Int32Array, row: number, other: number): void {
  const lastA = first[row + 1]!;
  const lastB = first[other + 1]!;
  let a = first[row]!;
  let b = first[other]!;
  while (a < lastA && b < lastB) {
    const endA = edges[2 * a + 1]!;
    const endB = edges[2 * b + 1]!;
    // Both are negative when neither begins past the voxel after the other's end.
    const touch = (edges[2 * a]! - endB - 1) & (edges[2 * b]! - endA - 1);
    if (touch < 0) link(parent, a, b);
    const step = (endA - endB) >>> 31;
    a += step;
    b += 1 - step;
  }
}

/**
 * Unite the regions of two runs: climb from both at once, and hang what is passed under the smaller.
 * Parents have smaller numbers, so that regions keep the order of their first run.
 * @see Rem's algorithm, after Dijkstra, A Discipline of Programming, 1976, chapter 23
 */
function link(parent: Int32Array, a: number, b: number): void {
  let upA = parent[a]!;
  let upB = parent[b]!;
  while (upA !== upB) {
    if (upA > upB) {
      parent[a] = upB;
      if (a === upA) return;
      a = upA;
      upA = parent[a]!;
    } else {
      parent[b] = upA;
      if (b === upB) return;
      b = upB;
      upB = parent[b]!;
    }
  }
}

/** Number the roots in their order and write the numbers to the voxels. Consumes `parent`. */
function label(
  { count, edges, first }: Runs,
  parent: Int32Array,
  x: number,
  voxels: number,
): Components {
  const sizes = [0];
  const labels = new Int32Array(voxels);
  for (let row = 0, run = 0, at = 0; run < count; row++, at += x) {
    for (const last = first[row + 1]!; run < last; run++) {
      const from = edges[2 * run]!;
      const to = edges[2 * run + 1]!;
      // A parent has a smaller number than its run: it holds its region's number by now.
      const number = parent[run] === run ? sizes.push(0) - 1 : parent[parent[run]!]!;
      parent[run] = number;
      sizes[number]! += to - from;
      if (to - from > LONG) labels.fill(number, at + from, at + to);
      else for (let i = at + from; i < at + to; i++) labels[i] = number;
    }
  }
  return { labels, sizes };
}

/** From here on `fill` is faster than a loop. */
const LONG = 32;

/** The largest 26-connected region; the first of equals; empty where the mask is. */
export function largestComponent(mask: Mask): Mask {
  const { labels, sizes } = components(mask);
  let best = 0;
  for (let i = 1; i < sizes.length; i++) if (best === 0 || sizes[i]! > sizes[best]!) best = i;
  const data = new Uint8Array(mask.data.length);
  if (best > 0) for (let i = 0; i < data.length; i++) data[i] = labels[i] === best ? 1 : 0;
  return { shape: mask.shape, data };
}

/**
 * Half-open runs of ones along x: run i begins at `edges[2i]` and ends before `edges[2i + 1]`. Those
 * of row r (= z·Y + y) are `first[r] … first[r + 1] - 1`.
 */
interface Runs {
  readonly count: number;
  readonly edges: Int32Array;
  readonly first: Int32Array;
}

function findRuns({ shape: [z, y, x], data }: Mask): Runs {
  // Four voxels at a time, where they lie so that they can be read as one number.
  const aligned = data.byteOffset % 4 === 0 && x % 4 === 0;
  const fours = aligned ? new Uint32Array(data.buffer, data.byteOffset, data.length >> 2) : NONE;
  // As many as there can be: of memory that is never written, the system gives none.
  const edges = new Int32Array(z * y * (x + 1) + 1);
  const first = new Int32Array(z * y + 1);
  let count = 0;
  for (let row = 0, at = 0; row < z * y; row++, at += x) {
    let inside = 0;
    for (let i = 0; i < x;) {
      if (fours[(at + i) >> 2] === inside * FOUR_ONES) {
        i += 4;
        continue;
      }
      for (const stop = aligned ? i + 4 : x; i < stop; i++) {
        // Always written, and kept where it is an edge: no guess that could be wrong.
        const one = (0 - data[at + i]!) >>> 31;
        edges[count] = i;
        count += one ^ inside;
        inside = one;
      }
    }
    edges[count] = x;
    count += inside;
    first[row + 1] = count >> 1;
  }
  return { count: count >> 1, edges, first };
}

const FOUR_ONES = 0x01010101;
const NONE = new Uint32Array(0);

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

/** Unite the runs of a row with those of another that they touch. */
function unite({ start, end, first }: Runs, parent: Int32Array, row: number, other: number): void {
  const lastA = first[row + 1]!;
  const lastB = first[other + 1]!;
  let b = first[other]!;
  for (let a = first[row]!; a < lastA && b < lastB; a++) {
    const from = start[a]!;
    const to = end[a]!;
    while (b < lastB && end[b]! < from) b++;
    for (let c = b; c < lastB && start[c]! <= to; c++) {
      // Most are united already, and know it.
      if (parent[a] !== parent[c]) link(parent, a, c);
    }
  }
}

/** The smaller number becomes the root, so that regions keep the order of their first run. */
function link(parent: Int32Array, a: number, b: number): void {
  a = find(parent, a);
  b = find(parent, b);
  if (a < b) parent[b] = a;
  else parent[a] = b;
}

/** The root of a run; shortens the way to it. */
function find(parent: Int32Array, run: number): number {
  for (let up = parent[run]!; up !== run; up = parent[run]!) run = parent[run] = parent[up]!;
  return run;
}

/** Number the roots in their order and write the numbers to the voxels. Consumes `parent`. */
function label(
  { count, start, end, first }: Runs,
  parent: Int32Array,
  x: number,
  voxels: number,
): Components {
  const sizes = [0];
  const labels = new Int32Array(voxels);
  for (let row = 0, run = 0, at = 0; run < count; row++, at += x) {
    for (const last = first[row + 1]!; run < last; run++) {
      const from = start[run]!;
      const to = end[run]!;
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

/** Half-open runs of ones along x; those of row r (= z·Y + y) are `first[r] … first[r + 1] - 1`. */
interface Runs {
  readonly count: number;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly first: Int32Array;
}

function findRuns({ shape: [z, y, x], data }: Mask): Runs {
  let start = new Int32Array(1024);
  let end = new Int32Array(1024);
  const first = new Int32Array(z * y + 1);
  let count = 0;
  for (let row = 0, at = 0; row < z * y; row++, at += x) {
    if (count + x > start.length) {
      start = grown(start, count + x);
      end = grown(end, count + x);
    }
    const stop = at + x;
    for (let i = at; i < stop; i++) {
      if (data[i] === 0) continue;
      start[count] = i - at;
      while (i < stop && data[i] !== 0) i++;
      end[count++] = i - at;
    }
    first[row + 1] = count;
  }
  return { count, start, end, first };
}

function grown(values: Int32Array<ArrayBuffer>, least: number): Int32Array<ArrayBuffer> {
  const more = new Int32Array(Math.max(least, 2 * values.length));
  more.set(values);
  return more;
}

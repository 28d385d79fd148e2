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
  const { start, end, rows } = findRuns(mask);
  const parent = Int32Array.from({ length: start.length }, (_, i) => i);
  for (let k = 0; k < z; k++) {
    for (let j = 0; j < y; j++) {
      const row = k * y + j;
      if (j > 0) unite(row, row - 1);
      if (k === 0) continue;
      for (let dj = -1; dj <= 1; dj++) if (j + dj >= 0 && j + dj < y) unite(row, row - y + dj);
    }
  }

  const number = new Int32Array(start.length);
  const sizes = [0];
  const labels = new Int32Array(mask.data.length);
  for (let row = 0; row < z * y; row++) {
    for (let run = rows[row]!; run < rows[row + 1]!; run++) {
      const root = find(run);
      if (number[root] === 0) {
        number[root] = sizes.length;
        sizes.push(0);
      }
      const label = number[root]!;
      sizes[label]! += end[run]! - start[run]!;
      labels.fill(label, row * x + start[run]!, row * x + end[run]!);
    }
  }
  return { labels, sizes };

  function find(run: number): number {
    while (parent[run] !== run) {
      parent[run] = parent[parent[run]!]!;
      run = parent[run]!;
    }
    return run;
  }

  function unite(rowA: number, rowB: number): void {
    let a = rows[rowA]!;
    let b = rows[rowB]!;
    while (a < rows[rowA + 1]! && b < rows[rowB + 1]!) {
      if (start[a]! <= end[b]! && start[b]! <= end[a]!) {
        const rootA = find(a);
        const rootB = find(b);
        // The smaller number is the root, so that regions keep the order of their first run.
        if (rootA < rootB) parent[rootB] = rootA;
        else parent[rootA] = rootB;
      }
      if (end[a]! < end[b]!) a++;
      else b++;
    }
  }
}

/** The largest 26-connected region; the first of equals; empty where the mask is. */
export function largestComponent(mask: Mask): Mask {
  const { labels, sizes } = components(mask);
  let best = 0;
  for (let i = 1; i < sizes.length; i++) if (best === 0 || sizes[i]! > sizes[best]!) best = i;
  const data = new Uint8Array(mask.data.length);
  if (best > 0) for (let i = 0; i < data.length; i++) data[i] = labels[i] === best ? 1 : 0;
  return { shape: mask.shape, data };
}

/** Half-open runs of ones along x; those of row r (= z·Y + y) are `rows[r] … rows[r + 1] - 1`. */
function findRuns({ shape: [z, y, x], data }: Mask) {
  const start: number[] = [];
  const end: number[] = [];
  const rows = new Int32Array(z * y + 1);
  for (let row = 0; row < z * y; row++) {
    rows[row] = start.length;
    const at = row * x;
    for (let i = 0; i < x; i++) {
      if (data[at + i] === 0) continue;
      start.push(i);
      while (i < x && data[at + i] !== 0) i++;
      end.push(i);
    }
  }
  rows[z * y] = start.length;
  return { start, end, rows };
}

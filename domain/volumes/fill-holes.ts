import type { Mask } from "./shape.ts";

/**
 * Fill, in every z slice, what is enclosed: zeros that cannot be reached from the slice's border
 * by steps along y and x. The same as `scipy.ndimage.binary_fill_holes` slice by slice.
 */
export function fillHoles(mask: Mask): Mask {
  const [z, y, x] = mask.shape;
  const data = new Uint8Array(mask.data.length).fill(1);
  const stack = new Int32Array(y * x);
  for (let k = 0; k < z; k++) {
    const base = k * y * x;
    let depth = 0;
    const visit = (i: number) => {
      if (mask.data[base + i] !== 0 || data[base + i] === 0) return;
      data[base + i] = 0;
      stack[depth++] = i;
    };
    for (let i = 0; i < x; i++) {
      visit(i);
      visit((y - 1) * x + i);
    }
    for (let j = 0; j < y; j++) {
      visit(j * x);
      visit(j * x + x - 1);
    }
    while (depth > 0) {
      const i = stack[--depth]!;
      const column = i % x;
      if (column > 0) visit(i - 1);
      if (column < x - 1) visit(i + 1);
      if (i >= x) visit(i - x);
      if (i < (y - 1) * x) visit(i + x);
    }
  }
  return { shape: mask.shape, data };
}

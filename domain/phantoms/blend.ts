/**
 * The depth in two bodies that have grown together, from the depth in each, with a fillet of about
 * `width`. Nowhere less than the deeper of both, and at most width/4 more.
 * @see Quilez, "Smooth minimum", 2013, the quadratic one.
 */
export function blend(a: number, b: number, width: number): number {
  const near = Math.max(0, width - Math.abs(a - b)) / width;
  return Math.max(a, b) + (near * near * width) / 4;
}

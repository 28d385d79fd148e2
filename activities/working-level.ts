/** The pyramid level whose longest axis is nearest to `target`, as a ratio; the finer one of two equals. */
export function workingLevel(shapes: readonly (readonly number[])[], target: number): number {
  const distance = (shape: readonly number[]) => Math.abs(Math.log(Math.max(...shape) / target));
  let best = 0;
  shapes.forEach((shape, level) => {
    if (distance(shape) < distance(shapes[best] ?? shape)) best = level;
  });
  return best;
}

import { InvalidInput } from "../../errors.ts";
import type { Grid } from "../../volumes/shape.ts";

/** The mean of what a refinement network says along several axes, all of one shape. */
export function meanProbability(axes: readonly Grid<Float32Array>[]): Grid<Float32Array> {
  const [first] = axes;
  if (first === undefined || !axes.every(({ shape }) => shape.join() === first.shape.join())) {
    const shapes = axes.map(({ shape }) => shape.join("x")).join(", ");
    throw new InvalidInput(`Expected probabilities of one shape, got ${shapes || "none"}`);
  }
  const data = new Float32Array(first.data.length);
  for (const axis of axes) {
    for (let i = 0; i < data.length; i++) data[i]! += axis.data[i]! / axes.length;
  }
  return { shape: first.shape, data };
}

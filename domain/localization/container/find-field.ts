import type { Grid } from "../../volumes/shape.ts";
import type { Wall } from "./container.ts";

/**
 * The round field of view of a reconstruction whose corners hold one and the same number: the
 * cylinder of what differs. Undefined when there is none.
 *
 * Nothing can be lost by masking it: every column outside of it has that number in every slice.
 */
export function findField({ shape: [z, y, x], data }: Grid): Wall | undefined {
  const empty = new Uint8Array(y * x).fill(1);
  const corner = data[0]!;
  for (let k = 0, at = 0; k < z; k++) {
    for (let i = 0; i < empty.length; i++, at++) if (data[at] !== corner) empty[i] = 0;
  }
  const [cy, cx] = [(y - 1) / 2, (x - 1) / 2];
  let radius = 0;
  for (let i = 0; i < empty.length; i++) {
    if (empty[i] === 1) continue;
    radius = Math.max(radius, Math.hypot(Math.floor(i / x) - cy, (i % x) - cx));
  }
  let [inside, full, outside] = [0, 0, 0];
  for (let i = 0; i < empty.length; i++) {
    if (Math.hypot(Math.floor(i / x) - cy, (i % x) - cx) > radius) outside++;
    else {
      inside++;
      full += 1 - empty[i]!;
    }
  }
  // A disc with nothing in the corners, not a specimen that happens to be in the middle.
  const isDisc = Math.abs(radius - Math.min(y, x) / 2) < 0.06 * Math.min(y, x);
  if (!isDisc || full < 0.9 * inside || outside < 0.1 * y * x) return undefined;
  const level = (middle: number) => ({ slope: 0, intercept: middle });
  return {
    ...{ centreY: level(cy), centreX: level(cx), outerRadius: radius },
    section: { shape: "circle", radius: radius + 0.5 },
  };
}

import { createGauge } from "./section.ts";
import type { Rectangle } from "./section.ts";

/** The rectangle, and how well it fits. */
export interface RectangleFit {
  readonly section: Rectangle;
  /** Intersection over union, 0 to 1. */
  readonly overlap: number;
}

const STEPS = 60;
const CORNERS = 20;

/**
 * The rectangle with rounded corners that is most like a shape around `(cy, cx)`, its centroid.
 *
 * A moment of the fourth order would give the angle, too, but suffers from dents; so angles are
 * tried, 1.5 degrees apart and then finer. Sides are where the shape's marginals fall to half,
 * scaled to its area.
 *
 * @param shape - `[Y, X]`, 1 inside
 */
export function fitRectangle(
  shape: Uint8Array,
  width: number,
  [cy, cx]: readonly [number, number],
): RectangleFit {
  const points: (readonly [number, number])[] = [];
  for (let i = 0; i < shape.length; i++) {
    if (shape[i] === 1) points.push([Math.floor(i / width) - cy, (i % width) - cx]);
  }
  const tryAngle = (angle: number): RectangleFit => {
    const section = rectangleAt(points, angle);
    return { section, overlap: overlapWith(section, shape, width, [cy, cx], points.length) };
  };
  let best = tryAngle(0);
  for (let step = 1; step < STEPS; step++) best = better(best, tryAngle((step * RIGHT) / STEPS));
  const around = best.section.angle;
  for (const by of [-0.5, -0.25, 0.25, 0.5]) {
    best = better(best, tryAngle(around + (by * RIGHT) / STEPS));
  }
  // Sides and corners trade area for area: the overlap tells which.
  const { section } = best;
  for (let step = 1; step <= CORNERS; step++) {
    const rounded = roundCorners(section, (step * section.radius) / CORNERS, points.length);
    const overlap = overlapWith(rounded, shape, width, [cy, cx], points.length);
    best = better(best, { section: rounded, overlap });
  }
  return best;
}

const RIGHT = Math.PI / 2;

const better = (a: RectangleFit, b: RectangleFit) => (b.overlap > a.overlap ? b : a);

function rectangleAt(points: readonly (readonly [number, number])[], angle: number): Rectangle {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const halfU = halfWidth(points.map(([y, x]) => y * cos + x * sin));
  const halfV = halfWidth(points.map(([y, x]) => x * cos - y * sin));
  return roundCorners(
    { shape: "rectangle", radius: 0, halfU, halfV, corner: 0, angle },
    0,
    points.length,
  );
}

/** The rectangle with the same proportions, other corners and the given area. */
function roundCorners(section: Rectangle, corner: number, area: number): Rectangle {
  const { halfU, halfV } = section;
  const scale = Math.sqrt((area + (4 - Math.PI) * corner ** 2) / (4 * halfU * halfV));
  const [u, v] = [scale * halfU, scale * halfV];
  return { ...section, halfU: u, halfV: v, radius: Math.min(u, v), corner };
}

/** Half of the width at half of the height of the distribution of some coordinates. */
function halfWidth(values: readonly number[]): number {
  const reach = Math.ceil(values.reduce((most, v) => Math.max(most, Math.abs(v)), 0)) + 2;
  const count = new Float64Array(2 * reach + 1);
  for (const v of values) {
    const at = v + reach;
    const below = Math.floor(at);
    count[below]! += 1 - (at - below);
    count[below + 1]! += at - below;
  }
  const sorted = count.filter((c) => c > 0).toSorted();
  const half = 0.5 * (sorted[Math.floor(0.7 * sorted.length)] ?? 0);
  let [lo, hi] = [0, 2 * reach];
  while (lo < hi && count[lo]! < half) lo++;
  while (hi > lo && count[hi]! < half) hi--;
  const edge = (at: number, outer: number) =>
    (half - outer) / Math.max(count[at]! - outer, 1e-9) - 1;
  // Where the marginal crosses the half between the last bin below and the first above it.
  const from = lo + edge(lo, count[lo - 1] ?? 0);
  const to = hi - edge(hi, count[hi + 1] ?? 0);
  return (to - from) / 2;
}

function overlapWith(
  section: Rectangle,
  shape: Uint8Array,
  width: number,
  [cy, cx]: readonly [number, number],
  area: number,
): number {
  const gauge = createGauge(section);
  let [inside, shared] = [0, 0];
  for (let i = 0; i < shape.length; i++) {
    if (gauge(Math.floor(i / width) - cy, (i % width) - cx) >= section.radius) continue;
    inside++;
    shared += shape[i]!;
  }
  return shared / Math.max(1, inside + area - shared);
}

import { InvalidInput } from "../errors.ts";
import { ANGLES, radians } from "../pretexts/angles.ts";
import { otherAxes, planeOf } from "../pretexts/plane.ts";
import type { RotationNetwork } from "../pretexts/pretext-network.ts";
import { samplePlane } from "../pretexts/sample-plane.ts";
import { windowStencil } from "../pretexts/stencil.ts";
import { createRandom } from "../random.ts";
import type { Axis, Zyx } from "../volumes/shape.ts";
import { meanCertainty } from "./mean-certainty.ts";
import type { CertaintyMap, View } from "./view.ts";

export interface ScoreWindowsOptions {
  /** Diameter of a window in voxels of the view: the one the network was trained with. */
  readonly windowSize: number;
  /** Voxels of the view from one window to the next. @default 4 */
  readonly stride?: number;
  /** Angles that are asked for, as indices of `ANGLES`. @default [1, 5]: -60° and 60° */
  readonly classes?: readonly number[];
  /** Of the random angle of each window. @default 0 */
  readonly seed?: number;
}

/** Windows per pass: few enough to stay near the caches. */
const BATCH = 128;

/**
 * How certainly the network tells by how much windows are turned, along one axis: per window the
 * mean probability of the true angle, where both it and the same window of the next slice are
 * turned by a random angle and the second one by a known angle more. Windows whose centre is not
 * valid get 1/7, what guessing gives.
 *
 * Deterministic in its arguments. Yields the share that is done.
 */
export async function* scoreWindows(
  network: RotationNetwork,
  view: View,
  axis: Axis,
  { windowSize, stride = 4, classes = [1, 5], seed = 0 }: ScoreWindowsOptions,
): AsyncGenerator<{ readonly fraction: number }, CertaintyMap, void> {
  if (!Number.isInteger(stride) || stride < 1) {
    throw new InvalidInput(`Expected a stride of 1 voxel or more, got ${stride}`);
  }
  if (classes.length === 0 || !classes.every((c) => ANGLES[c] !== undefined)) {
    throw new InvalidInput(`Expected classes of the ${ANGLES.length} angles, got [${classes}]`);
  }
  const { values, valid } = view;
  const offset = Math.floor((stride - 1) / 2);
  const shape = values.shape.map((n) =>
    Math.max(0, Math.ceil((n - offset) / stride)),
  ) as unknown as Zyx;
  const certainty = new Float32Array(shape[0] * shape[1] * shape[2]).fill(1 / ANGLES.length);
  const points = pointsOf(shape, offset, stride).filter(
    ({ at: [z, y, x] }) => valid.data[(z * values.shape[1] + y) * values.shape[2] + x] === 1,
  );

  const stencil = windowStencil(windowSize);
  const area = windowSize ** 2;
  const random = createRandom(seed, `windows-${axis}`);
  const [row, column] = otherAxes(axis);
  const last = values.shape[axis] - 1;
  for (let from = 0; from < points.length; from += BATCH) {
    const batch = points.slice(from, from + BATCH);
    // The windows, then their twins at the first angle, at the second, …
    const images = new Float32Array((1 + classes.length) * batch.length * area);
    batch.forEach(({ at }, n) => {
      const pose = { row: at[row], column: at[column], scale: 1, gain: 1 };
      const angle = random.uniform(0, 2 * Math.PI);
      const twin = planeOf(values, axis, Math.min(at[axis] + 1, last));
      samplePlane(planeOf(values, axis, at[axis]), stencil, { ...pose, angle }, images, n * area);
      classes.forEach((c, k) => {
        const turned = { ...pose, angle: angle + radians(ANGLES[c]!) };
        samplePlane(twin, stencil, turned, images, ((k + 1) * batch.length + n) * area);
      });
    });
    const scores = meanCertainty(network, images, batch.length, classes);
    const means = await scores.data<"float32">();
    scores.dispose();
    batch.forEach(({ index }, n) => (certainty[index] = means[n]!));
    yield { fraction: Math.min(1, (from + BATCH) / points.length) };
  }
  return { values: { shape, data: certainty }, offset, stride };
}

function pointsOf([gz, gy, gx]: Zyx, offset: number, stride: number) {
  return Array.from({ length: gz * gy * gx }, (_, index) => {
    const grid: Zyx = [Math.floor(index / (gy * gx)), Math.floor(index / gx) % gy, index % gx];
    return { index, at: grid.map((g) => offset + stride * g) as unknown as Zyx };
  });
}

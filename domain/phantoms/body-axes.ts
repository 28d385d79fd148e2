import type { Zyx } from "../volumes/shape.ts";

/** How a body lies. Angles in degrees. */
export interface Attitude {
  /** Angle of the body against z. */
  readonly tilt: number;
  /** Direction the body tilts to, from y towards x. */
  readonly azimuth: number;
  /** Rotation about the body's own axis. */
  readonly roll: number;
  /** Whether the head (of a plant: the tip) is at the high or the low end of z. */
  readonly head: "up" | "down";
}

/** Unit vectors in z, y, x of a body that lies so: head to tail, to the left, to the back. */
export function bodyAxes({ tilt, azimuth, roll, head }: Attitude): readonly [Zyx, Zyx, Zyx] {
  const rad = Math.PI / 180;
  const [st, ct] = [Math.sin(tilt * rad), Math.cos(tilt * rad)];
  const [sa, ca] = [Math.sin(azimuth * rad), Math.cos(azimuth * rad)];
  const [sr, cr] = [Math.sin(roll * rad), Math.cos(roll * rad)];
  const sign = head === "up" ? -1 : 1;
  const p: Zyx = [-st, ct * ca, ct * sa];
  const q: Zyx = [0, -sa, ca];
  const mix = (i: 0 | 1 | 2, c: number, s: number) => c * p[i] + s * q[i];
  return [
    [sign * ct, sign * st * ca, sign * st * sa],
    [mix(0, cr, sr), mix(1, cr, sr), mix(2, cr, sr)],
    [mix(0, -sr, cr), mix(1, -sr, cr), mix(2, -sr, cr)],
  ];
}

import type { Random } from "../random.ts";

/** A random field at a point in voxels, mean about 0, standard deviation about 1. */
export type Texture = (z: number, y: number, x: number) => number;

const LATTICE = 32;
const WRAP = LATTICE - 1;
// Standard deviation of smoothstep interpolation between unit normals, averaged over the cell:
// (2·13/35)^(3/2) is its variance; two octaves of weights 1 and ½ add up.
const SPREAD = Math.sqrt((26 / 35) ** 3 * 1.25);

/**
 * Value noise in two octaves, whose longer wavelength is `wavelength` voxels.
 *
 * Repeats after 32 wavelengths. The lattice is turned against the voxel grid, so that its cells do
 * not show as rows.
 */
export function createTexture(random: Random, wavelength: number): Texture {
  const lattice = Float64Array.from({ length: LATTICE ** 3 }, () => random.normal());
  const f = 1 / wavelength;
  return (z, y, x) => {
    const p = f * (0.8 * z + 0.6 * y);
    const q = f * (-0.48 * z + 0.64 * y + 0.6 * x);
    const r = f * (0.36 * z - 0.48 * y + 0.8 * x);
    return (
      (interpolate(lattice, p, q, r) +
        0.5 * interpolate(lattice, 2 * p + 7.3, 2 * q + 3.1, 2 * r + 11.7)) /
      SPREAD
    );
  };
}

function interpolate(lattice: Float64Array, p: number, q: number, r: number): number {
  const i = Math.floor(p);
  const j = Math.floor(q);
  const k = Math.floor(r);
  const a = smooth(p - i);
  const b = smooth(q - j);
  const c = smooth(r - k);
  const i0 = (i & WRAP) * LATTICE;
  const i1 = ((i + 1) & WRAP) * LATTICE;
  const j0 = j & WRAP;
  const j1 = (j + 1) & WRAP;
  const k0 = k & WRAP;
  const k1 = (k + 1) & WRAP;
  const row = (start: number) => {
    const lo = lattice[start * LATTICE + k0]!;
    return lo + c * (lattice[start * LATTICE + k1]! - lo);
  };
  const near = row(i0 + j0) * (1 - b) + row(i0 + j1) * b;
  const far = row(i1 + j0) * (1 - b) + row(i1 + j1) * b;
  return near + a * (far - near);
}

function smooth(f: number): number {
  return f * f * (3 - 2 * f);
}

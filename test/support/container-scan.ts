import { createRandom } from "../../domain/random.ts";
import type { Grid, Mask } from "../../domain/volumes/shape.ts";

/** A wall, medium, air; or a specimen that only looks like one. */
export type ContainerKind =
  "square" | "oblong" | "double" | "double-dry" | "wide" | "cut" | "dry" | "shell" | "egg" | "core";

export interface ContainerScanOptions {
  /** Voxels per axis. @default 64 */
  readonly size?: number;
  readonly noise?: number;
  /** Moves the specimen until it touches the wall. */
  readonly touching?: boolean;
  readonly seed?: number;
}

interface Point {
  readonly grey: number;
  readonly wall: boolean;
}

const [AIR, MEDIUM, WALL] = [20, 90, 130];

/**
 * A scan drawn by hand with a container of some kind, tilted and off the middle, and a textured
 * ellipsoid in it. `egg` and `core` are specimens without any: a textured ovoid in air, a porous
 * cylinder in air.
 */
export function containerScan(
  kind: ContainerKind,
  options: ContainerScanOptions = {},
): { readonly level: Grid<Float32Array>; readonly specimen: Mask; readonly wall: Mask } {
  const { size: n = 64, noise = 5, touching = false, seed = 1 } = options;
  const random = createRandom(seed, `container-${kind}`);
  const data = new Float32Array(n ** 3);
  const specimen = new Uint8Array(n ** 3);
  const wall = new Uint8Array(n ** 3);
  const container = CONTAINERS[kind](n);
  const dry = kind === "dry" || kind === "shell";
  const away = touching ? container.touch : 0;
  for (let z = 0, i = 0; z < n; z++) {
    const up = z - n / 2;
    const [cy, cx] = [container.y * n + 0.02 * up, container.x * n - 0.01 * up];
    for (let y = 0; y < n; y++) {
      for (let x = 0; x < n; x++, i++) {
        const [dy, dx] = [y - cy, x - cx];
        const here = container.at(dy, dx, z);
        const depth =
          (up / (0.3 * n)) ** 2 +
          ((dy - 0.04 * n) / (0.13 * n)) ** 2 +
          ((dx - 0.03 * n - away) / (0.15 * n)) ** 2;
        let { grey } = here;
        if (here.wall) wall[i] = 1;
        const texture = ((z >> 1) + (y >> 1) + (x >> 1)) % 2 === 0 ? 45 : 12;
        if (kind === "egg" || kind === "core") {
          if (here.wall) {
            wall[i] = 0;
            specimen[i] = 1;
            // Pores, in the core: a third of it.
            const pore = Math.sin(z / 2.1) + Math.sin(y / 1.9) + Math.sin(x / 2.3) > 0.6;
            grey = kind === "core" ? (pore ? AIR : 120) : 100 + texture;
          }
        } else if (depth <= 1 && !here.wall) {
          specimen[i] = 1;
          grey = dry ? 120 + texture : grey + texture;
        }
        data[i] = grey + noise * random.normal();
      }
    }
  }
  const shape = [n, n, n] as const;
  return {
    level: { shape, data },
    specimen: { shape, data: specimen },
    wall: { shape, data: wall },
  };
}

interface Drawn {
  /** Where the axis is in the middle slice, over the size. */
  readonly y: number;
  readonly x: number;
  /** How far the specimen can go along x until it touches the wall, in voxels. */
  readonly touch: number;
  readonly at: (dy: number, dx: number, z: number) => Point;
}

const CONTAINERS: Record<ContainerKind, (n: number) => Drawn> = {
  square: (n) => rectangle(n, 0.32, 0.32),
  oblong: (n) => rectangle(n, 0.36, 0.26),
  double: (n) => nested(n, MEDIUM),
  "double-dry": (n) => nested(n, AIR),
  wide: (n) => ({ ...round(n, 0.6 * n, MEDIUM), y: 0.5, x: 0.5 }),
  cut: (n) => ({ ...round(n, 0.44 * n, MEDIUM), x: 0.3 }),
  dry: (n) => round(n, 0.44 * n, AIR),
  shell: (n) => ({
    ...{ y: 0.49, x: 0.51, touch: 0.2 * n },
    at: (dy, dx) => {
      const r = Math.hypot(dy, dx);
      const inShell = r < 0.4 * n && r >= 0.4 * n - 3 && Math.abs(Math.atan2(dx, dy)) < 1.4;
      return { grey: inShell ? WALL : AIR, wall: inShell };
    },
  }),
  egg: (n) => ({
    ...{ y: 0.49, x: 0.51, touch: 0 },
    at: (dy, dx, z) => ({
      grey: AIR,
      wall: ((z - n / 2) / (0.55 * n)) ** 2 + (dy ** 2 + dx ** 2) / (0.4 * n) ** 2 < 1,
    }),
  }),
  core: (n) => ({
    ...{ y: 0.49, x: 0.51, touch: 0 },
    at: (dy, dx) => ({ grey: AIR, wall: Math.hypot(dy, dx) < 0.4 * n }),
  }),
};

function round(n: number, radius: number, medium: number): Drawn {
  return {
    ...{ y: 0.49, x: 0.51, touch: radius - 3 - 0.18 * n },
    at: (dy, dx, z) => {
      const r = Math.hypot(dy, dx);
      if (r >= radius) return { grey: AIR, wall: false };
      if (r >= radius - 3) return { grey: WALL, wall: true };
      return { grey: z > 0.92 * n ? AIR : medium, wall: false };
    },
  };
}

function nested(n: number, gap: number): Drawn {
  const outer = round(n, 0.46 * n, gap);
  const inner = round(n, 0.32 * n, MEDIUM);
  return {
    ...{ y: 0.49, x: 0.51, touch: 0 },
    at: (dy, dx, z) => {
      const [y, x] = [dy - 0.03 * n, dx - 0.02 * n];
      return Math.hypot(y, x) < 0.32 * n ? inner.at(y, x, z) : outer.at(dy, dx, z);
    },
  };
}

/** With corners rounded by a fifth, turned by 20 degrees. */
function rectangle(n: number, halfU: number, halfV: number): Drawn {
  const [cos, sin] = [Math.cos(Math.PI / 9), Math.sin(Math.PI / 9)];
  const depth = (dy: number, dx: number, corner: number, inset: number) => {
    const u = Math.abs(dy * cos + dx * sin) - halfU * n + corner + inset;
    const v = Math.abs(dx * cos - dy * sin) - halfV * n + corner + inset;
    return corner - Math.hypot(Math.max(u, 0), Math.max(v, 0)) - Math.min(Math.max(u, v), 0);
  };
  const corner = 0.2 * halfV * n;
  return {
    ...{ y: 0.49, x: 0.51, touch: 0 },
    at: (dy, dx, z) => {
      if (depth(dy, dx, corner, 0) <= 0) return { grey: AIR, wall: false };
      // Thicker in the corners, as moulded ones are.
      if (depth(dy, dx, corner, 3) <= 0) return { grey: WALL, wall: true };
      return { grey: z > 0.92 * n ? AIR : MEDIUM, wall: false };
    },
  };
}

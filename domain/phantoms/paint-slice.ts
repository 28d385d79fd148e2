import { createRandom } from "../random.ts";
import type { Mask } from "../volumes/shape.ts";
import { coverage } from "./coverage.ts";
import { createFishBody, type BodyPoint, type FishBody } from "./fish-body.ts";
import { createFishOrgans, type Tissue } from "./fish-organs.ts";
import type { Ball } from "./container.ts";
import type { PhantomPlan } from "./plan-phantom.ts";
import { createTexture } from "./texture.ts";

/** Paints exact μ relative to water, before any projection. */
export interface Painter {
  /** Overwrites `mu` and `labels` (size², x fastest) with slice z; labels are of `ORGANS`. */
  paint(z: number, mu: Float32Array, labels: Uint8Array): void;
}

export function createPainter(plan: PhantomPlan): Painter {
  const { container, request } = plan;
  const { size, seed } = request;
  const scale = size / 128;
  const body = createFishBody(plan.pose);
  const staining = { mediumMu: container.mediumMu, ...plan };
  const organs = createFishOrgans(body, staining, Math.max(0.8, 1.5 * scale));
  const mediumTexture = createTexture(createRandom(seed, "medium"), 14 * scale);
  const tissueTexture = createTexture(createRandom(seed, "tissue"), Math.max(2, 4 * scale));
  const bounds = bodyBounds(body, size);
  const point: BodyPoint = { t: 0, side: 0, back: 0, depth: 0 };
  const tissue: Tissue = { mu: 0, label: 0, texture: 0 };

  /** Medium with what floats in it, plug below, air above. */
  const fluid = (
    z: number,
    y: number,
    x: number,
    dy: number,
    dx: number,
    balls: readonly Ball[],
  ) => {
    const radius = Math.hypot(dy, dx);
    let mu = container.mediumMu + container.mediumTexture * mediumTexture(z, y, x);
    for (const { centre, radius: r, mu: ballMu } of balls) {
      const d = Math.hypot(z - centre[0], y - centre[1], x - centre[2]);
      mu += coverage(r - d) * (ballMu - mu);
    }
    if (container.plug > 0) mu += coverage(container.plug - z) * (container.plugMu - mu);
    const surface =
      container.surface +
      container.surfaceSlope[0] * dy +
      container.surfaceSlope[1] * dx +
      container.meniscus * (radius / container.innerRadius) ** 8;
    return mu * coverage(surface - z);
  };

  return {
    paint(z, mu, labels) {
      mu.fill(0);
      labels.fill(0);
      const up = z - (size - 1) / 2;
      const ay = container.axis[0] + container.slope[0] * up;
      const ax = container.axis[1] + container.slope[1] * up;
      const balls = [...container.specks, ...container.bubbles].filter(
        ({ centre, radius }) => Math.abs(centre[0] - z) < radius + 1,
      );
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) {
          const radius = Math.hypot(y - ay, x - ax);
          const solid = coverage(container.outerRadius - radius);
          if (solid === 0) continue;
          const index = y * size + x;
          const inner = coverage(container.innerRadius - radius);
          let inside = 0;
          if (inner > 0) {
            inside = fluid(z, y, x, y - ay, x - ax, balls);
            if (bounds.contains(z, y, x) && body.locate(z, y, x, point)) {
              const cover = coverage(point.depth);
              if (cover > 0) {
                organs(point, tissue);
                const grain = plan.tissueTexture * tissue.texture * tissueTexture(z, y, x);
                inside += cover * (tissue.mu + grain - inside);
                if (point.depth > 0) labels[index] = tissue.label;
              }
            }
          }
          mu[index] = solid * (inner * inside + (1 - inner) * container.wallMu);
        }
      }
    },
  };
}

/** The specimen alone, without painting anything else: the same voxels that `paint` labels. */
export function specimenMask(plan: PhantomPlan): Mask {
  const { size } = plan.request;
  const body = createFishBody(plan.pose);
  const { lo, hi } = bodyBounds(body, size);
  const data = new Uint8Array(size ** 3);
  const point: BodyPoint = { t: 0, side: 0, back: 0, depth: 0 };
  for (let z = lo[0]!; z <= hi[0]!; z++) {
    for (let y = lo[1]!; y <= hi[1]!; y++) {
      for (let x = lo[2]!; x <= hi[2]!; x++) {
        if (body.locate(z, y, x, point) && point.depth > 0) data[(z * size + y) * size + x] = 1;
      }
    }
  }
  return { shape: [size, size, size], data };
}

function bodyBounds(body: FishBody, size: number) {
  const lo = [size, size, size];
  const hi = [0, 0, 0];
  for (const p of body.surface()) {
    for (const axis of [0, 1, 2] as const) {
      lo[axis] = Math.max(0, Math.min(lo[axis]!, Math.floor(p[axis]) - 2));
      hi[axis] = Math.min(size - 1, Math.max(hi[axis]!, Math.ceil(p[axis]) + 2));
    }
  }
  const contains = (z: number, y: number, x: number) =>
    z >= lo[0]! && z <= hi[0]! && y >= lo[1]! && y <= hi[1]! && x >= lo[2]! && x <= hi[2]!;
  return { lo, hi, contains };
}

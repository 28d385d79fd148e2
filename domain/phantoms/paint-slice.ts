import { createRandom } from "../random.ts";
import { createContainerSlices } from "./container-slice.ts";
import { coverage } from "./coverage.ts";
import { createSpecimen } from "./create-specimen.ts";
import type { PhantomPlan } from "./plan-phantom.ts";
import { skinBounds } from "./skin-bounds.ts";
import { stapleDepth } from "./staple.ts";
import { createTexture } from "./texture.ts";
import type { Tissue } from "./tissue.ts";

/** Paints exact μ relative to water, before any projection. */
export interface Painter {
  /** Width of what is painted: the scan and `plan.beyond` on both sides. */
  readonly width: number;
  /** Overwrites `mu` (width²) and `labels` (size², of `ORGANS`) with slice z, x fastest. */
  paint(z: number, mu: Float32Array, labels: Uint8Array): void;
}

export function createPainter(plan: PhantomPlan): Painter {
  const { beyond, request, staple } = plan;
  const { size, seed } = request;
  const scale = size / 128;
  const width = size + 2 * beyond;
  const mediumTexture = createTexture(createRandom(seed, "medium"), 14 * scale);
  const tissueTexture = createTexture(createRandom(seed, "tissue"), Math.max(2, 4 * scale));
  const slices = createContainerSlices(plan.container, size, mediumTexture);
  const specimens = plan.specimens.map((pose) => {
    const specimen = createSpecimen(pose, plan.staining, size);
    const bounds = skinBounds(specimen.skin);
    return { ...specimen, bounds };
  });
  const metal = staple && stapleDepth(staple);
  const tissue: Tissue = { mu: 0, label: 0, texture: 0 };

  return {
    width,
    paint(z, mu, labels) {
      labels.fill(0);
      const slice = slices(z);
      const here = specimens.filter(({ bounds: [[lo, hi]] }) => z >= lo && z < hi);
      for (let y = -beyond, index = 0; y < size + beyond; y++) {
        for (let x = -beyond; x < size + beyond; x++, index++) {
          const depth = slice.depth(y, x);
          const inner = coverage(depth);
          const walls = inner < 1 ? slice.walls(y, x) : 0;
          if (inner === 0) {
            mu[index] = walls;
            continue;
          }
          let inside = slice.content(y, x);
          for (const specimen of here) {
            const [, ys, xs] = specimen.bounds;
            if (y < ys[0] || y >= ys[1] || x < xs[0] || x >= xs[1]) continue;
            const below = specimen.depth(z, y, x);
            const cover = coverage(below);
            if (cover === 0) continue;
            specimen.tissue(z, y, x, tissue);
            const grain = plan.tissueTexture * tissue.texture * tissueTexture(z, y, x);
            inside += cover * (tissue.mu + grain - inside);
            const isSeen = y >= 0 && y < size && x >= 0 && x < size;
            if (isSeen && below > 0 && depth > 0) labels[y * size + x] = tissue.label;
          }
          if (metal) inside += coverage(metal(z, y, x)) * (staple.mu - inside);
          mu[index] = inner * inside + (1 - inner) * walls;
        }
      }
    },
  };
}

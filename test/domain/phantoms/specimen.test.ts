import { describe, expect, it } from "vitest";
import { createSpecimen, drawPose } from "../../../domain/phantoms/create-specimen.ts";
import { PHANTOM_PRESETS } from "../../../domain/phantoms/presets.ts";
import { skinBounds } from "../../../domain/phantoms/skin-bounds.ts";
import { SPECIMENS, type SpecimenName } from "../../../domain/phantoms/specimen-names.ts";
import type { Tissue } from "../../../domain/phantoms/tissue.ts";
import { createRandom } from "../../../domain/random.ts";

const KINDS = Object.keys(SPECIMENS) as SpecimenName[];
const STAINING = { mediumMu: 0.9, contrast: 0.1, hasYolk: true };

function draw(kind: SpecimenName, seed: number, size: number) {
  const random = createRandom(seed, "specimen");
  const pose = drawPose(kind, PHANTOM_PRESETS.paper, size, 1, random);
  return createSpecimen({ ...pose, centre: [60.3, 61.1, 59.7] }, STAINING, size);
}

describe.each(KINDS)("%s", (kind) => {
  it("has no voxel beyond the bounds of its skin, in a large scan too", () => {
    for (const [seed, size] of [
      [1, 96],
      [2, 128],
      [3, 400],
    ] as const) {
      // prettier-ignore
      const specimen = draw(kind, seed, size);
      const bounds = skinBounds(specimen.skin);
      const random = createRandom(seed, "beyond");
      for (let i = 0; i < 20_000; i++) {
        // A point on the bounds' own faces: what is inside there may be outside, too.
        const at = bounds.map(([lo, hi]) => random.uniform(lo, hi));
        const axis = random.int(3);
        at[axis] = random.next() < 0.5 ? bounds[axis]![0] : bounds[axis]![1] - 1;
        expect(specimen.depth(at[0]!, at[1]!, at[2]!)).toBeLessThan(0);
      }
    }
  });

  it("has all of its skin inside or within a voxel of its surface", () => {
    const specimen = draw(kind, 4, 128);
    const depths = specimen.skin.map(([z, y, x]) => specimen.depth(z, y, x));
    const off = depths.filter((depth) => depth < -1).length;
    expect(off / depths.length).toBeLessThan(0.02);
  });

  it("has a depth that grows by about a voxel per voxel across its surface", () => {
    const specimen = draw(kind, 5, 128);
    const slopes: number[] = [];
    for (const [z, y, x] of specimen.skin) {
      if (Math.abs(specimen.depth(z, y, x)) > 0.5) continue;
      const d = 0.25;
      slopes.push(
        Math.hypot(
          specimen.depth(z + d, y, x) - specimen.depth(z - d, y, x),
          specimen.depth(z, y + d, x) - specimen.depth(z, y - d, x),
          specimen.depth(z, y, x + d) - specimen.depth(z, y, x - d),
        ) /
          (2 * d),
      );
    }
    slopes.sort((a, b) => a - b);
    const share = (f: number) => slopes[Math.floor(f * slopes.length)]!;
    expect(slopes.length).toBeGreaterThan(300);
    expect(share(0.5)).toBeGreaterThan(0.85);
    expect(share(0.5)).toBeLessThan(1.15);
    expect(share(0.05)).toBeGreaterThan(0.4);
  });

  it("is tissue wherever it is: plausible μ, a label, a texture", () => {
    const specimen = draw(kind, 6, 128);
    const tissue: Tissue = { mu: NaN, label: 0, texture: NaN };
    const [zs, ys, xs] = skinBounds(specimen.skin);
    let voxels = 0;
    let sum = 0;
    for (let z = zs[0]; z < zs[1]; z += 2) {
      for (let y = ys[0]; y < ys[1]; y += 2) {
        for (let x = xs[0]; x < xs[1]; x += 2) {
          if (specimen.depth(z, y, x) <= -0.5) continue;
          Object.assign(tissue, { mu: NaN, label: 0, texture: NaN });
          specimen.tissue(z, y, x, tissue);
          expect(tissue.label).toBeGreaterThan(0);
          expect(tissue.mu).toBeGreaterThan(0.4);
          expect(tissue.mu).toBeLessThan(2.2);
          expect(tissue.texture).toBeGreaterThanOrEqual(0);
          voxels++;
          sum += tissue.mu;
        }
      }
    }
    expect(voxels).toBeGreaterThan(1000);
    const mean = sum / voxels;
    expect(mean - STAINING.mediumMu).toBeGreaterThan(0.03);
    expect(mean - STAINING.mediumMu).toBeLessThan(0.3);
  });
});

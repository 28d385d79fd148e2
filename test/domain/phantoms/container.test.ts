import { describe, expect, it } from "vitest";
import { createContainerSlices } from "../../../domain/phantoms/container-slice.ts";
import type { ContainerName } from "../../../domain/phantoms/container-names.ts";
import { planPhantom } from "../../../domain/phantoms/plan-phantom.ts";

const SIZE = 128;
/** Voxels from one point of a ray to the next. */
const STEP = 0.125;

/** μ along the ray from the room's axis at an angle, in the middle slice. */
function ray(container: ContainerName, seed: number, angle: number) {
  const plan = planPhantom({ preset: "hard", size: SIZE, seed, container });
  const z = 64;
  const slice = createContainerSlices(plan.container, SIZE, () => 0)(z);
  const up = z - 63.5;
  return Array.from({ length: 80 / STEP }, (_, i) => {
    const r = STEP * i;
    const y = plan.container.axis[0] + plan.container.slope[0] * up + r * Math.sin(angle);
    const x = plan.container.axis[1] + plan.container.slope[1] * up + r * Math.cos(angle);
    const depth = slice.depth(y, x);
    return depth > 0.5 ? slice.content(y, x) : slice.walls(y, x);
  });
}

/** The μ of the wide bands that a ray crosses, from the axis outwards. */
function bands(values: readonly number[]): number[] {
  const found: number[] = [];
  values.forEach((value, i) => {
    const isSteady = value === values[i + 1] || value === values[i - 1];
    if (isSteady && found.at(-1) !== value) found.push(value);
  });
  return found;
}

describe("createContainerSlices", () => {
  it("goes from medium through the wall to air in a round and a square tube", () => {
    for (const name of ["tube", "square"] as const) {
      for (const [seed, angle] of [
        [1, 0.3],
        [2, 2],
        [5, 4],
      ] as const) {
        // prettier-ignore
        const plan = planPhantom({ preset: "hard", size: SIZE, seed, container: name });
        const { mediumMu, walls } = plan.container;
        expect(bands(ray(name, seed, angle))).toEqual([mediumMu, walls[0]!.mu, 0]);
      }
    }
  });

  it("goes through two walls and the gap between in a double tube", () => {
    for (const [seed, angle] of [
      [1, 0.3],
      [2, 2],
      [5, 4],
    ] as const) {
      // prettier-ignore
      const plan = planPhantom({ preset: "hard", size: SIZE, seed, container: "double" });
      const [outer, gap, inner] = plan.container.walls.map(({ mu }) => mu);
      const crossed = bands(ray("double", seed, angle));
      expect(crossed[0]).toBe(plan.container.mediumMu);
      expect(crossed.at(-1)).toBe(0);
      expect(crossed).toContain(inner);
      expect(crossed).toContain(outer);
      expect(crossed).toContain(gap);
    }
  });

  it("holds the specimen in air, or in a block without a wall, where there is no container", () => {
    const kinds = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const { container } = planPhantom({ preset: "hard", size: SIZE, seed, container: "none" });
      const crossed = bands(ray("none", seed, 1));
      expect(crossed).toEqual(container.room ? [container.mediumMu, 0] : [0]);
      kinds.add(container.room?.kind ?? "air");
    }
    expect(kinds).toEqual(new Set(["air", "lump"]));
  });

  it("has air above and below the shell of a bed", () => {
    const { container } = planPhantom({ preset: "hard", size: SIZE, seed: 4, container: "bed" });
    const { azimuth, mu } = container.bed!;
    expect(bands(ray("bed", 4, azimuth))).toEqual([0, mu, 0]);
    expect(bands(ray("bed", 4, azimuth + Math.PI))).toEqual([0]);
  });

  it("has medium only in a tube wider than the view", () => {
    const { container } = planPhantom({ preset: "hard", size: SIZE, seed: 4, container: "no-air" });
    expect(bands(ray("no-air", 4, 0).slice(0, 64 / STEP))).toEqual([container.mediumMu]);
  });
});

import { describe, expect, it } from "vitest";
import { InvalidInput } from "../../../domain/errors.ts";
import { createFishBody } from "../../../domain/phantoms/fish-body.ts";
import { maskBox } from "../../../domain/phantoms/mask-box.ts";
import { specimenMask } from "../../../domain/phantoms/paint-slice.ts";
import { planPhantom } from "../../../domain/phantoms/plan-phantom.ts";
import { PHANTOM_PRESETS, type PhantomPresetName } from "../../../domain/phantoms/presets.ts";
import { boxVolume, growBox } from "../../../domain/volumes/box.ts";
import type { Box } from "../../../domain/volumes/shape.ts";

const PRESETS = Object.keys(PHANTOM_PRESETS) as PhantomPresetName[];

function truthBox(preset: PhantomPresetName, size: number, seed: number): Box {
  return maskBox(specimenMask(planPhantom({ preset, size, seed }))).box;
}

describe("planPhantom", () => {
  it("lets a crop of the demo with 4 % margin keep at most half of the scan", () => {
    for (let seed = 1; seed <= 8; seed++) {
      const box = truthBox("demo", 128, seed);
      expect(boxVolume(box) / 128 ** 3).toBeGreaterThan(0.09);
      expect(boxVolume(box) / 128 ** 3).toBeLessThan(0.3);
      const kept = growBox(box, [[6, 6], [6, 6], [6, 6]], [128, 128, 128]); // prettier-ignore
      expect(boxVolume(kept) / 128 ** 3).toBeLessThan(0.5);
    }
  });

  it.each(PRESETS)("puts every specimen of %s clear of wall, plug and surface", (preset) => {
    for (const size of [20, 128]) {
      for (let seed = 0; seed < 30; seed++) {
        const { pose, container } = planPhantom({ preset, size, seed });
        const clear = createFishBody(pose)
          .surface()
          .map(([z, y, x]) => {
            const up = z - (size - 1) / 2;
            const dy = y - container.axis[0] - container.slope[0] * up;
            const dx = x - container.axis[1] - container.slope[1] * up;
            const surface =
              container.surface + container.surfaceSlope[0] * dy + container.surfaceSlope[1] * dx;
            const wall = container.innerRadius - Math.hypot(dy, dx);
            return Math.min(wall, z - container.plug, surface - z);
          });
        expect(Math.min(...clear)).toBeGreaterThan(1);
      }
    }
  });

  it("leaves air around the tube in every slice", () => {
    for (let seed = 0; seed < 30; seed++) {
      const { container } = planPhantom({ preset: "hard", size: 128, seed });
      for (const up of [-63.5, 63.5]) {
        for (const axis of [0, 1] as const) {
          const centre = container.axis[axis] + container.slope[axis] * up;
          expect(centre - container.outerRadius).toBeGreaterThan(-0.5);
          expect(centre + container.outerRadius).toBeLessThan(127.5);
        }
      }
    }
  });

  it("moves the specimen about so much that the mean box misses by 8 % of its side", () => {
    const boxes = Array.from({ length: 24 }, (_, seed) => truthBox("demo", 64, seed));
    let error = 0;
    let side = 0;
    for (const axis of [0, 1, 2] as const) {
      for (const end of [0, 1] as const) {
        const mean = boxes.reduce((s, box) => s + box[axis][end], 0) / boxes.length;
        for (const box of boxes) error += Math.abs(box[axis][end] - mean) / 2;
      }
      for (const box of boxes) side += box[axis][1] - box[axis][0];
    }
    expect(error / side).toBeGreaterThan(0.08);
  });

  it("draws heads of both directions, and equal plans from equal requests", () => {
    const plans = Array.from({ length: 12 }, (_, seed) =>
      planPhantom({ preset: "paper", size: 64, seed }),
    );
    expect(new Set(plans.map(({ pose }) => pose.head))).toEqual(new Set(["up", "down"]));
    expect(planPhantom({ preset: "paper", size: 64, seed: 3 })).toEqual(plans[3]);
    expect(plans[4]!.pose).not.toEqual(plans[3]!.pose);
  });

  it("is plain JSON", () => {
    const plan = planPhantom({ preset: "hard", size: 32, seed: 9 });
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it.each([
    [
      { preset: "toString" as PhantomPresetName, size: 64, seed: 1 },
      /preset must be one of easy, /,
    ],
    [{ preset: "demo" as const, size: 8, seed: 1 }, /size .* from 16 to 512, got 8/],
    [{ preset: "demo" as const, size: 64.5, seed: 1 }, /got 64.5/],
    [{ preset: "demo" as const, size: 64, seed: -1 }, /seed .* got -1/],
    [{ preset: "demo" as const, size: 64, seed: NaN }, /seed .* got NaN/],
  ])("refuses %o", (request, message) => {
    expect(() => planPhantom(request)).toThrow(InvalidInput);
    expect(() => planPhantom(request)).toThrow(message);
  });
});

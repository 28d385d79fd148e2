import { describe, expect, it } from "vitest";
import { createReach, type Outline } from "../../../domain/phantoms/outline.ts";

/** The distance of a point below an outline. */
function depth(outline: Outline, dy: number, dx: number): number {
  return outline.radius - createReach(outline)(dy, dx);
}

describe("createReach", () => {
  it("is the distance from the axis of a round outline", () => {
    expect(createReach({ kind: "round", radius: 9 })(3, -4)).toBe(5);
  });

  it("is the distance to the nearest side of a square, turned, with rounded corners", () => {
    const square = { kind: "square", radius: 10, corner: 3, turn: 0 } as const;
    expect(depth(square, 0, 0)).toBeCloseTo(10, 12);
    expect(depth(square, 6, -2)).toBeCloseTo(4, 12);
    expect(depth(square, 2, 13)).toBeCloseTo(-3, 12);
    // The corner's centre is at (7, 7); its arc has radius 3.
    expect(depth(square, 10, 10)).toBeCloseTo(3 - 3 * Math.SQRT2, 12);
    expect(depth(square, 7 + 3 * Math.SQRT1_2, -7 - 3 * Math.SQRT1_2)).toBeCloseTo(0, 12);
    const turned = { ...square, turn: 0.4 };
    const [sin, cos] = [Math.sin(0.4), Math.cos(0.4)];
    // The point that the turn takes (y, x) = (6, −2) to.
    expect(depth(turned, 6 * cos - 2 * sin, -2 * cos - 6 * sin)).toBeCloseTo(4, 12);
  });

  it("waves around a lump, by its own heights", () => {
    const lump = {
      kind: "lump",
      radius: 20,
      waves: [{ count: 3, height: 0.05, phase: 0.2 }],
    } as const;
    for (const angle of [0, 1, 2.5, -2]) {
      const radius = 20 * (1 + 0.05 * Math.cos(3 * angle + 0.2));
      const at = [radius * Math.sin(angle), radius * Math.cos(angle)] as const;
      expect(depth(lump, ...at)).toBeCloseTo(0, 12);
      expect(depth(lump, 0.9 * at[0], 0.9 * at[1])).toBeGreaterThan(1);
    }
  });
});

import { expect, it } from "vitest";
import {
  createGauge,
  insetRectangle,
  type Rectangle,
} from "../../../../domain/localization/container/section.ts";

const rectangle: Rectangle = {
  ...{ shape: "rectangle", radius: 10, halfU: 10, halfV: 15, corner: 4 },
  angle: Math.PI / 6,
};

it("measures a circle by the distance from its centre", () => {
  expect(createGauge({ shape: "circle", radius: 9 })(3, -4)).toBe(5);
});

it("measures a rounded, turned rectangle by the depth below its outline", () => {
  const gauge = createGauge(rectangle);
  const at = (u: number, v: number) => {
    const [cos, sin] = [Math.cos(rectangle.angle), Math.sin(rectangle.angle)];
    return gauge(u * cos - v * sin, u * sin + v * cos);
  };
  expect(at(0, 0)).toBeCloseTo(0, 12);
  expect(at(10, 3)).toBeCloseTo(10, 12); // on the face across u
  expect(at(-2, 15)).toBeCloseTo(10, 12); // on the face across v
  expect(at(7, 0)).toBeCloseTo(7, 12);
  expect(at(13, 0)).toBeCloseTo(13, 12);
  // The corner's arc is 4 around (6, 11): along its diagonal the outline is at 6 + 4/√2.
  const arc = 4 / Math.SQRT2;
  expect(at(6 + arc, 11 + arc)).toBeCloseTo(10, 12);
  expect(at(10, 15)).toBeCloseTo(10 + 4 * (Math.SQRT2 - 1), 12);
});

it("moves faces inwards by as much, and corners no further than the middle", () => {
  const inner = insetRectangle(rectangle, 3, 9);
  expect(inner).toMatchObject({ radius: 7, halfU: 7, halfV: 12, corner: 7 });
  const [outer, within] = [createGauge(rectangle), createGauge(insetRectangle(rectangle, 3, 1))];
  // Below a face both say the same depth below their own outline, three apart.
  expect(10 - outer(0, 6) - (7 - within(0, 6))).toBeCloseTo(3, 12);
});

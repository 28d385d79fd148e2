import { expect, it } from "vitest";
import { fitCylinder } from "../../../../domain/localization/container/fit-cylinder.ts";
import { onLine } from "../../../../domain/localization/container/line.ts";
import type { Edge } from "../../../../domain/localization/container/polar.ts";
import { createRandom } from "../../../../domain/random.ts";

const ANGLES = 72;
const SLABS = 8;
const z = Float32Array.from(
  { length: ANGLES * SLABS },
  (_, cell) => 16 * Math.floor(cell / ANGLES),
);
const angle = Float32Array.from(z, (_, cell) => ((cell % ANGLES) * 2 * Math.PI) / ANGLES);

/** Edges seen from (50, 60) of a tilted cylinder of radius 40 around (51.5, 59) at z = 0. */
function edgesOf(keep: (cell: number) => boolean, outliers: number): Edge[] {
  const random = createRandom(5);
  return Array.from(z, (height, cell): Edge => {
    const [dy, dx] = [1.5 + 0.02 * height, -1 - 0.01 * height];
    const [s, c] = [Math.sin(angle[cell]!), Math.cos(angle[cell]!)];
    const along = dy * s + dx * c;
    const across = dy * c - dx * s;
    const radius = along + Math.sqrt(40 ** 2 - across ** 2) + 0.2 * random.normal();
    const wrong = random.next() < outliers;
    return { cell, sign: 1, radius: wrong ? radius + 6 * random.next() - 2 : radius };
  }).filter(({ cell }) => keep(cell));
}

const start = {
  centreY: { slope: 0, intercept: 50 },
  centreX: { slope: 0, intercept: 60 },
  radius: 39,
};

it.each([
  ["a full circle", () => true],
  ["a bit more than half of one", (cell: number) => cell % ANGLES < 40],
  ["four arcs at the corners", (cell: number) => (cell + 4) % 18 < 7],
] as const)("moves to where the edges are, from %s, some of them wrong", (_, keep) => {
  const { centreY, centreX, radius } = fitCylinder({ z, angle }, edgesOf(keep, 0.1), start);
  expect(Math.abs(radius - 40)).toBeLessThan(0.25);
  for (const height of [0, 112]) {
    expect(Math.abs(onLine(centreY, height) - 51.5 - 0.02 * height)).toBeLessThan(0.3);
    expect(Math.abs(onLine(centreX, height) - 59 + 0.01 * height)).toBeLessThan(0.3);
  }
});

it("stays where it is without an edge", () => {
  expect(fitCylinder({ z, angle }, [], start)).toEqual(start);
});

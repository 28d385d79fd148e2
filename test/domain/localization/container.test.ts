import { expect, it } from "vitest";
import { findContainer } from "../../../domain/localization/container.ts";
import { onLine } from "../../../domain/localization/line.ts";
import { gaussian } from "../../../domain/volumes/gaussian.ts";
import type { Grid } from "../../../domain/volumes/shape.ts";
import { tubeScan } from "../../support/tube-scan.ts";

const find = (level: Grid) => findContainer(level, gaussian(level, 1.5));

it("finds a tilted tube, its radii and its axis", () => {
  const tube = find(tubeScan({ size: 64 }).level);
  if (tube.kind !== "tube") throw new Error(tube.reason);
  expect(tube.outerRadius).toBeCloseTo(0.44 * 64, -0.5);
  expect(tube.innerRadius).toBeLessThanOrEqual(0.44 * 64 - 2.5);
  expect(tube.innerRadius).toBeGreaterThan(0.44 * 64 - 8);
  expect(onLine(tube.centreY, 0)).toBeCloseTo(0.49 * 64 - 0.64, 0);
  expect(onLine(tube.centreY, 63)).toBeCloseTo(0.49 * 64 + 0.62, 0);
  expect(onLine(tube.centreX, 32)).toBeCloseTo(0.51 * 64, 0);
});

it("says none, and why, for a square container", () => {
  const found = find(tubeScan({ outline: "square" }).level);
  expect(found.kind).toBe("none");
  expect(found.reason).toMatch(/not round/);
});

it("says none for a tube full of air: there is no medium to compare with", () => {
  const found = find(tubeScan({ medium: 20 }).level);
  expect(found.kind).toBe("none");
  expect(found.reason).toMatch(/dark as the air|radius/);
});

it("says none for a specimen in air", () => {
  const { specimen } = tubeScan();
  const level = { shape: specimen.shape, data: specimen.data.map((v) => 200 * v) };
  const found = find(level);
  expect(found.kind).toBe("none");
  expect(found.reason).toMatch(/slices only/);
});

it("says none for nothing, for one voxel and for a volume without air", () => {
  expect(find({ shape: [8, 8, 8], data: new Uint8Array(512) }).kind).toBe("none");
  expect(find({ shape: [1, 1, 1], data: Uint8Array.of(3) }).kind).toBe("none");
  const { level } = tubeScan({ size: 64 });
  const inner = new Uint8Array(64 * 20 * 20);
  for (let z = 0, i = 0; z < 64; z++) {
    for (let y = 22; y < 42; y++) {
      for (let x = 22; x < 42; x++) inner[i++] = level.data[(z * 64 + y) * 64 + x]!;
    }
  }
  expect(find({ shape: [64, 20, 20], data: inner }).kind).toBe("none");
});

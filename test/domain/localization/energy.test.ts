import { expect, it } from "vitest";
import { createView } from "../../../domain/localization/create-view.ts";
import { energyLocalizer, LEAST_CONTRAST } from "../../../domain/localization/energy.ts";
import { marginFor } from "../../../domain/localization/margin.ts";
import { finish } from "../../../domain/localization/steps.ts";
import { boxMetrics, specimenLost } from "../../../domain/metrics/box-metrics.ts";
import { growBox } from "../../../domain/volumes/box.ts";
import type { Grid } from "../../../domain/volumes/shape.ts";
import { tubeScan } from "../../support/tube-scan.ts";

const localize = (level: Grid) =>
  energyLocalizer(finish(createView(level)).view, { level: 0, shape0: level.shape });

it.each([1, 2, 3])(
  "cuts nothing of a specimen in a tube and keeps less than half (seed %i)",
  (seed) => {
    const { level, specimen, box } = tubeScan({ size: 64, seed });
    const found = localize(level);
    const crop = growBox(found.box!, marginFor(level.shape).margin, level.shape);
    expect(specimenLost(crop, specimen)).toBe(0);
    expect(boxMetrics(found.box!, box, level.shape).worstFace).toBeLessThanOrEqual(6);
    expect(boxMetrics(crop, box, level.shape).kept).toBeLessThan(0.5);
    expect(found.contrast).toBeGreaterThan(LEAST_CONTRAST);
    expect(found.stability).toBeGreaterThan(0.6);
  },
);

it.each([1, 2, 3])("finds nothing in a tube without specimen (seed %i)", (seed) => {
  const found = localize(tubeScan({ size: 64, specimen: false, seed }).level);
  expect(found.box).toBeUndefined();
  expect(found.contrast).toBeLessThan(LEAST_CONTRAST);
});

it("finds nothing in noise, in a constant volume and in one voxel", () => {
  const noise = tubeScan({ medium: 20, specimen: false, size: 32 }).level;
  const flat = { shape: [6, 6, 6] as const, data: new Uint8Array(216) };
  expect(localize(flat).box).toBeUndefined();
  expect(localize({ shape: [1, 1, 1], data: Uint8Array.of(1) }).box).toBeUndefined();
  const still = noise.data.map((_, i) => 20 + (((i * 7919) % 13) >> 2));
  expect(localize({ shape: noise.shape, data: still }).box).toBeUndefined();
});

it("follows a thin, faint tail out of the core in a quiet background", () => {
  const n = 64;
  const data = new Uint8Array(n ** 3);
  for (let i = 0; i < data.length; i++) {
    const [z, y, x] = [Math.floor(i / n ** 2), Math.floor(i / n) % n, i % n];
    if (Math.hypot(z - 20, y - 32, x - 32) < 10) data[i] = 200;
    else if (Math.hypot(y - 32, x - 32) < 2 && z > 20 && z < 50) data[i] = 15;
  }
  const { box } = localize({ shape: [n, n, n], data });
  expect(box![0][0]).toBeLessThanOrEqual(11);
  expect(box![0][1]).toBeGreaterThanOrEqual(50);
  expect(box![0][1]).toBeLessThan(56);
});

it("places its box at level 0 when the view is of a coarser level, up to the border", () => {
  const n = 32;
  const data = new Uint8Array(n ** 3);
  for (let i = 0; i < data.length; i++) {
    const [z, y, x] = [Math.floor(i / n ** 2), Math.floor(i / n) % n, i % n];
    if (z >= 20 && Math.hypot(y - 16, x - 16) < 6) data[i] = 200;
  }
  const { view } = finish(createView({ shape: [n, n, n], data }));
  const { box } = energyLocalizer(view, { level: 2, shape0: [129, 127, 128] });
  expect(box![0][1]).toBe(129); // the level's last slice stands for all that is left
  expect(box![0][0]).toBeLessThanOrEqual(80);
  expect(box![0][0]).toBeGreaterThan(64);
  expect(box![1][0]).toBeLessThanOrEqual(44);
  expect(box![1][1]).toBeGreaterThanOrEqual(84);
});

import { expect, it } from "vitest";
import { createView } from "../../../domain/localization/create-view.ts";
import { energyLocalizer } from "../../../domain/localization/energy.ts";
import { reconcile } from "../../../domain/localization/reconcile.ts";
import { finish } from "../../../domain/localization/steps.ts";
import type { CertaintyMap } from "../../../domain/localization/view.ts";
import { specimenLost } from "../../../domain/metrics/box-metrics.ts";
import { hullBox, mapAxes } from "../../../domain/volumes/box.ts";
import type { Box } from "../../../domain/volumes/shape.ts";
import { tubeScan } from "../../support/tube-scan.ts";

const size = 64;
const { level, specimen, box: truth } = tubeScan({ size });
const { view } = finish(createView(level));
const place = { level: 0, shape0: level.shape };
const energy = energyLocalizer(view, place).box!;

/** A refined probability that is certain inside a box of level-0 voxels. */
function probabilityIn(box: Box) {
  const data = Float32Array.from({ length: 32 ** 3 }, (_, i) => {
    const at = [Math.floor(i / 1024), Math.floor(i / 32) % 32, i % 32];
    return at.every((v, axis) => 2 * v >= box[axis]![0] && 2 * v < box[axis]![1]) ? 1 : 0;
  });
  return { shape: [32, 32, 32] as const, data };
}

it("crops to the energy's box when nothing else was asked", () => {
  const result = reconcile({ view, place });
  expect(result).toMatchObject({ outcome: "cropped", box: energy, boxes: { energy } });
  expect(result.confidence).toBeGreaterThan(0.6);
  expect(specimenLost(result.box!, specimen)).toBeLessThan(0.02);
});

it("takes the hull of two boxes that agree, and a refined box as it is in a tube", () => {
  const probability = probabilityIn(truth);
  const result = reconcile({ view, place, probability });
  expect(result.outcome).toBe("cropped");
  expect(result.box).toEqual(result.boxes.refined);
  expect(result.box).not.toEqual(hullBox(result.boxes.refined!, energy));
  expect(result.confidence).toBeGreaterThan(0.55);
});

it("lets the energy move refined faces by 4 % of the axis where no container was suppressed", () => {
  const bare = { ...view, valid: { ...view.valid, data: view.valid.data.map(() => 1) } };
  const inside: Box = mapAxes((axis) => [truth[axis][0] + 8, truth[axis][1] - 2]);
  const result = reconcile({ view: bare, place, probability: probabilityIn(inside) });
  const found = result.boxes.energy!;
  expect(result.outcome).toBe("cropped");
  let moved = 0;
  result.boxes.refined!.forEach(([lo, hi], axis) => {
    // 4 % of 64 voxels are three.
    const [from, to] = [Math.min(lo, found[axis]![0]), Math.max(hi, found[axis]![1])];
    expect(result.box![axis]).toEqual([Math.max(from, lo - 3), Math.min(to, hi + 3)]);
    moved += +(from < lo - 3);
  });
  expect(moved).toBeGreaterThan(0);
});

it("keeps the scan whole when the learned box is somewhere else, and says so", () => {
  const elsewhere: Box = [
    [40, 60],
    [12, 26],
    [36, 50],
  ];
  const result = reconcile({ view, place, probability: probabilityIn(elsewhere) });
  expect(result).toMatchObject({ outcome: "kept-whole", box: undefined });
  expect(result.reasons.join()).toMatch(/different places: they share \d+ %/);
  expect(result.confidence).toBe(0);
});

it("does not listen to what was learned from maps that show nothing", () => {
  const elsewhere: Box = [
    [40, 60],
    [12, 26],
    [36, 50],
  ];
  const flat: CertaintyMap = {
    values: { shape: [4, 4, 4], data: new Float32Array(64).fill(1 / 7) },
    offset: 4,
    stride: 8,
  };
  const windows = { maps: [flat, flat, flat], radius: 10 };
  const result = reconcile({ view, place, windows, probability: probabilityIn(elsewhere) });
  expect(result).toMatchObject({ outcome: "cropped", box: energy });
  expect(result.reasons.join()).toMatch(/maps show nothing/);
  expect(result.confidence).toBeLessThan(reconcile({ view, place }).confidence);
  // Where it points at the same thing, it counts.
  const agrees = reconcile({ view, place, windows, probability: probabilityIn(truth) });
  expect(agrees.box).not.toEqual(energy);
});

it("is less sure the less the boxes agree", () => {
  const larger: Box = [
    [Math.max(0, truth[0][0] - 10), truth[0][1] + 8],
    [truth[1][0] - 8, truth[1][1] + 4],
    [truth[2][0] - 4, truth[2][1] + 6],
  ];
  const agree = reconcile({ view, place, probability: probabilityIn(energy) });
  const less = reconcile({ view, place, probability: probabilityIn(larger) });
  expect(less.outcome).toBe("cropped");
  expect(less.confidence).toBeLessThan(agree.confidence);
});

it("keeps an empty tube whole: no specimen found", () => {
  const empty = finish(createView(tubeScan({ size, specimen: false }).level)).view;
  const result = reconcile({ view: empty, place });
  expect(result).toMatchObject({ outcome: "kept-whole", box: undefined, confidence: 0 });
  expect(result.reasons.join()).toMatch(/No specimen found/);
});

it("falls back to energy, less sure, when the windows saw nothing", () => {
  const flat: CertaintyMap = {
    values: { shape: [4, 4, 4], data: new Float32Array(64).fill(1 / 7) },
    offset: 4,
    stride: 8,
  };
  const result = reconcile({ view, place, windows: { maps: [flat, flat, flat], radius: 10 } });
  expect(result).toMatchObject({ outcome: "cropped", box: energy });
  expect(result.reasons.join()).toMatch(/windows localizer found nothing/);
  expect(result.confidence).toBeLessThan(reconcile({ view, place }).confidence);
});

it("trusts a refined box without energy a little, and windows without energy not at all", () => {
  const empty = finish(createView(tubeScan({ size, specimen: false }).level)).view;
  const refined = reconcile({ view: empty, place, probability: probabilityIn(truth) });
  expect(refined).toMatchObject({
    outcome: "cropped",
    box: refined.boxes.refined,
    confidence: 0.4,
  });
  // An empty tube among others: a few voxels of its noise are thought specimen, here and there.
  const scattered = probabilityIn(truth);
  scattered.data = scattered.data.map((p, i) => (i % 7 === 0 ? 1 : p / 2));
  const chance = reconcile({ view: empty, place, probability: scattered });
  expect(chance).toMatchObject({ outcome: "kept-whole", confidence: 0 });
  const speck: Box = [
    [30, 36],
    [30, 36],
    [30, 36],
  ];
  const small = reconcile({ view: empty, place, probability: probabilityIn(speck) });
  expect(small.boxes.refined).toBeDefined();
  expect(small).toMatchObject({ outcome: "kept-whole", confidence: 0 });
  expect(small.reasons.join()).toMatch(/small or scattered/);

  const g = 16;
  const data = Float32Array.from({ length: g ** 3 }, (_, i) => {
    const at = [Math.floor(i / g ** 2), Math.floor(i / g) % g, i % g].map((k) => 2 * k);
    return Math.hypot(...at.map((v) => v - 16)) < 7 ? 0.7 : 0.14 + 0.001 * (i % 7);
  });
  const map: CertaintyMap = { values: { shape: [g, g, g], data }, offset: 0, stride: 2 };
  const windows = reconcile({ view: empty, place, windows: { maps: [map], radius: 5 } });
  expect(windows.boxes.windows).toBeDefined();
  expect(windows).toMatchObject({ outcome: "kept-whole", confidence: 0 });
  expect(windows.reasons.join()).toMatch(/windows have no support/);
});

it("keeps everything rather than 90 % and more of a volume", () => {
  const n = 32;
  const data = new Uint8Array(n ** 3);
  for (let i = 0; i < data.length; i++) {
    const [z, y, x] = [Math.floor(i / n ** 2), Math.floor(i / n) % n, i % n];
    // Three thin bars, each along a whole axis, crossing in the middle.
    const middle = [z, y, x].map((v) => Math.abs(v - 16) < 2);
    if (middle.filter(Boolean).length >= 2) data[i] = 200;
  }
  const cross = finish(createView({ shape: [n, n, n], data })).view;
  const result = reconcile({ view: cross, place: { level: 0, shape0: [n, n, n] } });
  expect(result.outcome).toBe("kept-whole");
  expect(result.reasons.join()).toMatch(/would keep 100 %/);
});

it("flags the faces where the specimen may go on outside the scan", () => {
  const n = 32;
  const data = new Uint8Array(n ** 3);
  for (let i = 0; i < data.length; i++) {
    const [z, y, x] = [Math.floor(i / n ** 2), Math.floor(i / n) % n, i % n];
    if (z >= 20 && Math.hypot(y - 16, x - 16) < 5) data[i] = 200;
  }
  const result = reconcile({
    view: finish(createView({ shape: [n, n, n], data })).view,
    place: { level: 0, shape0: [n, n, n] },
  });
  expect(result.touchesBorder).toEqual([
    [false, true],
    [false, false],
    [false, false],
  ]);
  expect(result.reasons.join()).toMatch(/border at z end/);
});

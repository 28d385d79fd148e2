import { describe, expect, it } from "vitest";
import { createView } from "../../../domain/localization/create-view.ts";
import { finish } from "../../../domain/localization/steps.ts";
import { median, robustSd } from "../../../domain/volumes/median.ts";
import { tubeScan } from "../../support/tube-scan.ts";

const size = 64;
const scan = tubeScan({ size });

describe("with a tube", () => {
  const { view, container } = finish(createView(scan.level));

  it("halves the shape and masks wall, air, cap and everything outside", () => {
    expect(view.values.shape).toEqual([32, 32, 32]);
    expect(container.kind).toBe("tube");
    const valid = (z: number, y: number, x: number) => view.valid.data[(z * 32 + y) * 32 + x];
    expect(valid(15, 16, 16)).toBe(1);
    expect(valid(15, 0, 0)).toBe(0); // outside
    expect(valid(15, 16, 3)).toBe(0); // wall
    expect(valid(31, 16, 16)).toBe(0); // cap
    const share = view.valid.data.reduce((sum, v) => sum + v, 0) / 32 ** 3;
    expect(container.maskedFraction).toBeCloseTo(1 - share, 10);
    // Most of what the tube holds (pi/4 of .88^2, less cap) must survive.
    expect(share).toBeGreaterThan(0.25);
  });

  it("brings medium, plug and fill to one level and one spread", () => {
    const inTube: number[] = [];
    const inPlug: number[] = [];
    const fill: number[] = [];
    view.values.data.forEach((v, i) => {
      const [z, y, x] = [Math.floor(i / 1024), Math.floor(i / 32) % 32, i % 32];
      if (view.valid.data[i] === 0) fill.push(v);
      else if (z === 0) inPlug.push(v);
      else if (z > 24 && Math.hypot(y - 16, x - 16) < 10) inTube.push(v);
    });
    for (const values of [inTube, inPlug, fill]) {
      expect(values.length).toBeGreaterThan(100);
      expect(Math.abs(median(values))).toBeLessThan(0.4);
      expect(robustSd(values)).toBeGreaterThan(0.5);
      expect(robustSd(values)).toBeLessThan(2);
    }
  });

  it("lets the specimen stand out", () => {
    const bright = view.values.data.filter(
      (_, i) =>
        scan.specimen.data[
          (2 * Math.floor(i / 1024) * size + 2 * (Math.floor(i / 32) % 32)) * size + 2 * (i % 32)
        ] === 1,
    );
    expect(median(bright)).toBeGreaterThan(3);
  });

  it("clips to [-4, 6] and gives the same numbers for the same seed only", () => {
    expect(Math.max(...view.values.data)).toBeLessThanOrEqual(6);
    expect(Math.min(...view.values.data)).toBeGreaterThanOrEqual(-4);
    expect(finish(createView(scan.level)).view.values.data).toEqual(view.values.data);
    expect(finish(createView(scan.level, { seed: 1 })).view.values.data).not.toEqual(
      view.values.data,
    );
  });
});

describe("without a tube", () => {
  it("masks nothing and keeps faint skin and bright bone apart from an exactly black background", () => {
    const data = new Uint8Array(32 ** 3);
    for (let i = 0; i < data.length; i++) {
      const r = Math.hypot(
        Math.floor(i / 1024) - 16,
        (Math.floor(i / 32) % 32) - 16,
        (i % 32) - 16,
      );
      if (r < 4) data[i] = 250;
      else if (r < 10) data[i] = 10;
    }
    const { view, container } = finish(createView({ shape: [32, 32, 32], data }, { bin: 1 }));
    expect(container).toMatchObject({ kind: "none", background: 0, maskedFraction: 0 });
    const at = (x: number) => view.values.data[(16 * 32 + 16) * 32 + x]!;
    expect(at(0)).toBe(0);
    expect(at(8)).toBeGreaterThan(1.5);
    expect(at(16)).toBeGreaterThan(at(8) + 2);
    expect(at(16)).toBeLessThan(6);
  });

  it("does not look for a container when told so", () => {
    const { container } = finish(createView(scan.level, { container: "none" }));
    expect(container).toMatchObject({ kind: "none", reason: "Not looked for", maskedFraction: 0 });
  });
});

it("counts its progress upwards", () => {
  const fractions = [...createView(scan.level)].map((step) => step.fraction);
  expect(fractions.length).toBeGreaterThan(4);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
});

it("refuses voxels that are not numbers, and survives a constant and a tiny volume", () => {
  const bad = { shape: [1, 1, 2] as const, data: Float32Array.of(1, NaN) };
  expect(() => finish(createView(bad))).toThrow("NaN or infinite");
  expect(() => finish(createView({ shape: [0, 4, 4], data: new Uint8Array(0) }))).toThrow("0,4,4");
  const flat = finish(createView({ shape: [3, 1, 2], data: new Uint16Array(6).fill(9) }));
  expect(Array.from(flat.view.values.data)).toEqual([0, 0]);
});

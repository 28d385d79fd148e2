import { describe, expect, it } from "vitest";
import { createDetector } from "../../../domain/phantoms/detector.ts";
import { createRandom } from "../../../domain/random.ts";

const COLUMNS = 200;
const ANGLES = 100;
const QUIET = {
  columns: COLUMNS,
  angles: ANGLES,
  attenuation: 0.02,
  photons: 1e12,
  columnGain: 0,
  phaseEdge: 0,
  drift: 0,
  jitter: 0,
  axisError: 0,
};

function detector(options: Partial<typeof QUIET>) {
  return createDetector({ ...QUIET, ...options, random: createRandom(3, "detector") });
}

/** Measure so many slices with the same line integral everywhere; one `[columns]` mean per slice. */
function columnMeans(options: Partial<typeof QUIET>, slices: number, integral: number) {
  const instrument = detector(options);
  return Array.from({ length: slices }, () => {
    const sinogram = new Float32Array(ANGLES * COLUMNS).fill(integral);
    instrument.measure(sinogram);
    return Array.from({ length: COLUMNS }, (_, k) => {
      let sum = 0;
      for (let a = 0; a < ANGLES; a++) sum += sinogram[a * COLUMNS + k]!;
      return sum / ANGLES;
    });
  });
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (v: readonly number[]) => v.reduce((s, x) => s + x, 0) / v.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (f: (i: number) => number) => a.reduce((s, _, i) => s + f(i), 0);
  return (
    sum((i) => (a[i]! - ma) * (b[i]! - mb)) /
    Math.sqrt(sum((i) => (a[i]! - ma) ** 2) * sum((i) => (b[i]! - mb) ** 2))
  );
}

describe("createDetector", () => {
  it("returns line integrals as they were with many photons and nothing else", () => {
    for (const value of columnMeans({}, 1, 40)[0]!) expect(value).toBeCloseTo(40, 2);
  });

  it("spreads measurements as Poisson statistics say", () => {
    const instrument = detector({ photons: 5000 });
    const sinogram = new Float32Array(ANGLES * COLUMNS).fill(80);
    instrument.measure(sinogram);
    const mean = sinogram.reduce((s, v) => s + v, 0) / sinogram.length;
    const variance = sinogram.reduce((s, v) => s + (v - mean) ** 2, 0) / sinogram.length;
    // −ln of a count of mean m has variance 1/m, and m = photons · exp(−0.02 · 80).
    const expected = 1 / (5000 * Math.exp(-1.6)) / 0.02 ** 2;
    expect(variance / expected).toBeGreaterThan(0.95);
    expect(variance / expected).toBeLessThan(1.07);
  });

  it("keeps rings from slice to slice, and lets them change over many", () => {
    const means = columnMeans({ columnGain: 0.01 }, 100, 40);
    expect(correlation(means[0]!, means[1]!)).toBeGreaterThan(0.85);
    expect(correlation(means[50]!, means[51]!)).toBeGreaterThan(0.85);
    expect(Math.abs(correlation(means[0]!, means[99]!))).toBeLessThan(0.3);
    const spread = (row: readonly number[]) =>
      Math.sqrt(row.reduce((s, v) => s + (v - 40) ** 2, 0));
    expect(spread(means[99]!) / spread(means[0]!)).toBeGreaterThan(0.6);
  });

  it("brightens the outside of an edge and darkens the inside", () => {
    const instrument = detector({ phaseEdge: 0.5 });
    const sinogram = new Float32Array(ANGLES * COLUMNS);
    for (let i = 0; i < sinogram.length; i++) sinogram[i] = i % COLUMNS < 100 ? 0 : 50;
    instrument.measure(sinogram);
    // p = 0 | 1 there, so I = I0·(1 + 0.5·1) outside and I0·e⁻¹·(1 − 0.5·1) inside.
    expect(sinogram[99]! * 0.02).toBeCloseTo(-Math.log(1.5), 3);
    expect(sinogram[100]! * 0.02).toBeCloseTo(1 - Math.log(0.5), 3);
    expect(sinogram[90]! * 0.02).toBeCloseTo(0, 3);
    expect(sinogram[110]! * 0.02).toBeCloseTo(1, 3);
  });

  it("drifts from half of the drift on one side to half on the other about the axis' error", () => {
    const { shift } = detector({ drift: 2, axisError: 0.3 });
    expect(shift[0]).toBeCloseTo(-0.7, 12);
    expect(shift[50]).toBeCloseTo(0.3, 12);
    expect(shift[99]).toBeCloseTo(0.3 + 2 * 0.49, 12);
  });
});

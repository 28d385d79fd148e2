import { describe, expect, it } from "vitest";
import { specimenLost } from "../../../domain/metrics/box-metrics.ts";
import { scoreLocalization } from "../../../domain/metrics/localization-score.ts";
import { summarizeLocalization } from "../../../domain/metrics/localization-summary.ts";
import { lostOutside, specimenRuns } from "../../../domain/metrics/specimen-runs.ts";
import { createRandom } from "../../../domain/random.ts";
import type { Box, Zyx } from "../../../domain/volumes/shape.ts";

const SHAPE: Zyx = [10, 20, 20];
/** Every face one voxel of margin. */
const ONE: Box = [[1, 1], [1, 1], [1, 1]]; // prettier-ignore
const TRUTH: Box = [[2, 7], [5, 15], [4, 14]]; // prettier-ignore

/** All voxels of the true box are specimen. */
const specimen = specimenRuns(planesOf(TRUTH), SHAPE);

function planesOf([[z0, z1], [y0, y1], [x0, x1]]: Box) {
  return Array.from({ length: SHAPE[0] }, (_, z) =>
    Uint8Array.from({ length: SHAPE[1] * SHAPE[2] }, (_, i) => {
      const [y, x] = [Math.floor(i / SHAPE[2]), i % SHAPE[2]];
      return +(z >= z0 && z < z1 && y >= y0 && y < y1 && x >= x0 && x < x1);
    }),
  );
}

describe("a specimen as runs", () => {
  it("loses the voxels that a mask loses, in any box", () => {
    const shape: Zyx = [5, 7, 9];
    const random = createRandom(1, "mask");
    const data = Uint8Array.from({ length: 315 }, () => (random.next() < 0.4 ? 3 : 0));
    const planes = Array.from({ length: 5 }, (_, z) => data.subarray(63 * z, 63 * (z + 1)));
    const runs = specimenRuns(planes, shape);
    expect(runs.voxels).toBe(data.filter((v) => v !== 0).length);
    for (let i = 0; i < 50; i++) {
      const box = shape.map((n) => {
        const lo = random.int(n);
        return [lo, lo + 1 + random.int(n - lo)];
      }) as unknown as Box;
      expect(lostOutside(runs, box)).toBeCloseTo(specimenLost(box, { shape, data }), 12);
    }
  });

  it("loses nothing of nothing", () => {
    expect(lostOutside(specimenRuns([], [0, 2, 2]), TRUTH)).toBe(0);
  });
});

describe("the score of a scan", () => {
  it("is by hand: a slice of five is cut, and the margin takes it back", () => {
    const found: Box = [[3, 7], [5, 15], [4, 16]]; // prettier-ignore
    const score = scoreLocalization(found, { shape: SHAPE, truth: TRUTH, specimen }, ONE);
    expect(score.maePx).toBeCloseTo((1 + 2) / 6, 12);
    expect(score.lost).toBeCloseTo(1 / 5, 12);
    expect(score.lostWithMargin).toBe(0);
    expect(score.kept).toBeCloseTo((4 * 10 * 12) / 4000, 12);
    expect(score.keptWithMargin).toBeCloseTo((6 * 12 * 14) / 4000, 12);
    expect(score).toMatchObject({ abstained: false, covered: true, worstFace: 2 });
  });

  it("says what is lost in spite of the margin", () => {
    const found: Box = [[4, 7], [5, 15], [4, 14]]; // prettier-ignore
    const score = scoreLocalization(found, { shape: SHAPE, truth: TRUTH, specimen }, ONE);
    expect(score.covered).toBe(false);
    expect(score.lostWithMargin).toBeCloseTo(1 / 5, 12);
  });

  it("of a scan that is kept whole is the full volume's", () => {
    const score = scoreLocalization(undefined, { shape: SHAPE, truth: TRUTH, specimen }, ONE);
    expect(score).toMatchObject({ abstained: true, covered: true, kept: 1, keptWithMargin: 1 });
    expect(score).toMatchObject({ lost: 0, lostWithMargin: 0 });
    // Slack per face: 2, 3, 5, 5, 4, 6.
    expect(score.maePx).toBeCloseTo(25 / 6, 12);
  });

  it("without a mask does not say what is lost", () => {
    const score = scoreLocalization(TRUTH, { shape: SHAPE, truth: TRUTH }, ONE);
    expect(score).not.toHaveProperty("lost");
    expect(score.maePx).toBe(0);
  });
});

describe("the summary", () => {
  const known = { shape: SHAPE, truth: TRUTH, specimen };
  const exact = scoreLocalization(TRUTH, known, ONE);
  const cut = scoreLocalization([[5, 7], [5, 15], [4, 14]], known, ONE); // prettier-ignore
  const whole = scoreLocalization(undefined, known, ONE);

  it("is the mean over scans and seeds, counts runs, and keeps the faces' signs", () => {
    const summary = summarizeLocalization([
      [exact, cut],
      [cut, whole],
    ]);
    expect(summary).toMatchObject({ scans: 2, runs: 4, lossy: 2, covered: 2, abstained: 1 });
    expect(summary.maePx.mean).toBeCloseTo((0 + 0.5 + 0.5 + 25 / 6) / 4, 12);
    // Scan means over seeds are .25 and 2.33: resamples of two are one of them or their mean.
    expect(summary.maePx.low).toBeCloseTo(0.25, 12);
    expect(summary.maePx.high).toBeCloseTo((0.5 + 25 / 6) / 2, 12);
    expect(summary.lost!.mean).toBeCloseTo((0 + 0.6 + 0.6 + 0) / 4, 12);
    expect(summary.cut[0][0]).toBeCloseTo((0 + 3 + 3 - 2) / 4, 12);
    expect(summary.cut[2][1]).toBeCloseTo(-6 / 4, 12);
  });

  it("says nothing of what is lost where a mask is missing", () => {
    const blind = scoreLocalization(TRUTH, { shape: SHAPE, truth: TRUTH }, ONE);
    const summary = summarizeLocalization([[exact, blind]]);
    expect(summary.lost).toBeUndefined();
    expect(summary.lossy).toBeUndefined();
  });

  it("needs scores, of the same scans for each seed", () => {
    expect(() => summarizeLocalization([])).toThrow(/same scans/);
    expect(() => summarizeLocalization([[exact], [exact, cut]])).toThrow(/got 1, 2/);
  });
});

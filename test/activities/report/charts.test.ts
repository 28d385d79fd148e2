import { describe, expect, test } from "vitest";
import { lineChart, ticks } from "../../../activities/report/charts.ts";

test.each<[number, number, number, number[]]>([
  [0, 1, 4, [0, 0.5, 1]],
  [0, 600, 6, [0, 100, 200, 300, 400, 500, 600]],
  [1.1, 2, 4, [1.5, 2]],
  [-1, 1, 4, [-1, -0.5, 0, 0.5, 1]],
  [0.00012, 0.00019, 3, [0.00015]],
])("round numbers from %f to %f, about %i", (lo, hi, count, expected) => {
  expect(ticks(lo, hi, count)).toEqual(expected);
});

describe("a line chart", () => {
  const base = { label: "loss", width: 300, height: 150, xName: "step", yName: "loss" };
  const svg = (x: number[], y: number[]) => lineChart({ ...base, x, y }).html;

  test("puts the largest value above the smallest, left to right", () => {
    const [first, last] = /points="([^"]+)"/.exec(svg([0, 100], [2, 1]))![1]!.split(" ").map((p) => p.split(",").map(Number)); // prettier-ignore
    expect(first![0]).toBeLessThan(last![0]!);
    expect(first![1]).toBeLessThan(last![1]!);
  });

  test("draws one point, a flat line and none without a number that is none", () => {
    for (const html of [svg([3], [1]), svg([0, 1, 2], [0, 0, 0]), svg([0, 1], [NaN, 1])]) {
      expect(html).toContain("<polyline");
      expect(html).not.toMatch(/NaN|Infinity/);
    }
    expect(svg([], [])).toContain("loss: no points");
    expect(svg([0, 1], [NaN, Infinity])).toContain("no points");
  });

  test("shades bands and marks a level", () => {
    const html = lineChart({
      ...base,
      x: [0, 10],
      y: [0, 1],
      level: { y: 2, name: "guessing" },
      bands: [{ from: 2, to: 4, kind: "found" }],
    }).html;
    expect(html).toContain('class="band found"');
    expect(html).toContain(">guessing<");
    const width = Number(/class="band found"[^>]*width="([\d.]+)"/.exec(html)![1]);
    // 2 of 10 units of the plot's width, which is 300 less the padding of 58.
    expect(width).toBeCloseTo(48.4, 0);
  });
});

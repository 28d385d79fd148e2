import { expect, it } from "vitest";
import { kolmogorovSmirnov } from "../../../domain/metrics/kolmogorov-smirnov.ts";
import { createRandom } from "../../../domain/random.ts";
import { runPython } from "../../support/run-python.ts";

it("agrees with scipy", async () => {
  const random = createRandom(4, "ks");
  const cases = [
    [12, 30, 0],
    [30, 30, 1],
    [100, 40, 0.4],
    [5, 7, 0],
  ].map(([n, m, shift]) => [
    Array.from({ length: n! }, () => random.normal()),
    Array.from({ length: m! }, () => random.normal() + shift!),
  ]);
  // With ties, too.
  cases.push([
    [1, 1, 2, 3, 3],
    [1, 2, 2, 4],
  ]);
  const expected = JSON.parse(
    await runPython(
      `import sys, json
from scipy.stats import ks_2samp, kstwobign
def test(a, b):
    distance = ks_2samp(a, b).statistic
    return [float(distance), float(kstwobign.sf((len(a) * len(b) / (len(a) + len(b))) ** 0.5 * distance))]
print(json.dumps([test(a, b) for a, b in json.loads(sys.argv[1])]))`,
      JSON.stringify(cases),
    ),
  ) as [number, number][];
  cases.forEach(([a, b], i) => {
    const { distance, probability } = kolmogorovSmirnov(a!, b!);
    expect(distance).toBeCloseTo(expected[i]![0], 12);
    expect(probability).toBeCloseTo(expected[i]![1], 9);
  });
});

it("is 0 apart from itself, 1 from what lies elsewhere, and says nothing of nothing", () => {
  expect(kolmogorovSmirnov([1, 2, 3], [3, 1, 2])).toEqual({ distance: 0, probability: 1 });
  expect(kolmogorovSmirnov([1, 2], [3, 4]).distance).toBe(1);
  expect(kolmogorovSmirnov([], [3, 4]).distance).toBeNaN();
});

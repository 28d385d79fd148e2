import { describe, expect, it } from "vitest";
import { InvalidInput } from "../../../domain/errors.ts";
import { fitRidge } from "../../../domain/metrics/fit-ridge.ts";
import { knnAccuracy } from "../../../domain/metrics/knn-accuracy.ts";
import { linearProbe } from "../../../domain/metrics/linear-probe.ts";
import type { Matrix } from "../../../domain/metrics/matrix.ts";
import { solvePositive } from "../../../domain/metrics/solve-positive.ts";
import { createRandom } from "../../../domain/random.ts";
import { python } from "../../support/python.ts";

/** Embeddings of three labels that overlap, from volumes that are shifted against each other. */
function embeddings(n: number, d: number) {
  const random = createRandom(n + d, "embeddings");
  const labels = Array.from({ length: n }, () => random.int(3));
  const groups = Array.from({ length: n }, (_, i) => i % 5);
  const shifts = Array.from({ length: 5 * d }, () => random.normal());
  const values = Float32Array.from({ length: n * d }, (_, i) => {
    const [row, c] = [Math.floor(i / d), i % d];
    const mean = c % 3 === labels[row] ? 0.9 : 0;
    return 2 + mean + 0.4 * shifts[groups[row]! * d + c]! + random.normal();
  });
  const matrix: Matrix = { rows: n, columns: d, values };
  return { matrix, labels, groups };
}

const sizes = [
  [60, 4],
  [45, 70],
] as const;

describe.each(sizes)("%i embeddings of length %i", (n, d) => {
  const { matrix, labels, groups } = embeddings(n, d);
  const inputs = { x: matrix.values, labels, groups, n, d };

  it("have the neighbours that numpy finds, with and without their own group", () => {
    const expected = python<number[]>(
      `x = np.array(x).reshape(n, d); y = np.array(labels); g = np.array(groups)
u = x / np.linalg.norm(x, axis=1, keepdims=True); s = u @ u.T
def knn(allowed, k, t):
    right = 0
    for i in range(n):
        js = np.flatnonzero(allowed[i]); js = js[np.argsort(-s[i, js], kind="stable")][:k]
        votes = np.zeros(3); np.add.at(votes, y[js], np.exp(s[i, js] / t)); right += votes.argmax() == y[i]
    return right / n
out = [knn(~np.eye(n, dtype=bool), 20, .07), knn(g[:, None] != g[None], 7, .5)]`,
      inputs,
    );
    expect(knnAccuracy(matrix, labels)).toBe(expected[0]);
    expect(knnAccuracy(matrix, labels, { neighbours: 7, temperature: 0.5, groups })).toBe(
      expected[1],
    );
    expect(expected[1]).toBeGreaterThan(0.4);
  });

  it("have the linear probe that numpy's least squares give", () => {
    const expected = python<number>(
      `x = np.array(x).reshape(n, d).astype(float); y = np.array(labels); g = np.array(groups); right = 0
for f in range(5):
    a, b = g != f, g == f
    m, s = x[a].mean(0), x[a].std(0); z = (x[a] - m) / s; t = np.eye(3)[y[a]]
    # Ridge as ordinary least squares on data with sqrt(penalty) rows appended.
    big = np.vstack([z, np.sqrt(.1 * a.sum()) * np.eye(d)]); rhs = np.vstack([t - t.mean(0), np.zeros((d, 3))])
    w = np.linalg.lstsq(big, rhs, rcond=None)[0]
    right += ((((x[b] - m) / s) @ w + t.mean(0)).argmax(1) == y[b]).sum()
out = int(right) / n`,
      inputs,
    );
    expect(linearProbe(matrix, labels, { groups })).toBe(expected);
    expect(expected).toBeGreaterThan(0.5);
  });

  it("are regressed to the predictions that numpy's least squares give", () => {
    const targets = { rows: n, columns: 2, values: new Float64Array(2 * n) };
    for (let i = 0; i < n; i++) targets.values.set([labels[i]!, groups[i]! ** 2], 2 * i);
    const expected = python<number[]>(
      `x = np.array(x).reshape(n, d).astype(float); t = np.array(y).reshape(n, 2)
z = (x - x.mean(0)) / x.std(0); c = t - t.mean(0)
w = np.linalg.lstsq(np.vstack([z, np.sqrt(.03 * n) * np.eye(d)]), np.vstack([c, np.zeros((d, 2))]), rcond=None)[0]
out = z @ w + t.mean(0)`,
      { ...inputs, y: targets.values },
    );
    const { values } = fitRidge(matrix, targets, 0.03).predict(matrix);
    expected.forEach((v, i) => expect(values[i]!).toBeCloseTo(v, 9));
  });
});

it("a feature that never changes says nothing, and costs nothing", () => {
  const features = { rows: 4, columns: 2, values: Float64Array.of(7, 1, 7, 2, 7, 3, 7, 4) };
  const targets = { rows: 4, columns: 1, values: Float64Array.of(10, 20, 30, 40) };
  const { values } = fitRidge(features, targets, 1e-9).predict({
    rows: 1,
    columns: 2,
    values: Float64Array.of(99, 10),
  });
  expect(values[0]).toBeCloseTo(100, 5);
});

it("volumes that hold one label each are told by their neighbours within, not across", () => {
  const groups = [0, 0, 0, 1, 1, 1];
  const values = Float32Array.from(groups.flatMap((g) => (g === 0 ? [1, 0.01] : [0.01, 1])));
  const matrix = { rows: 6, columns: 2, values };
  expect(knnAccuracy(matrix, groups)).toBe(1);
  expect(knnAccuracy(matrix, groups, { groups })).toBe(0);
});

it("refuses what cannot be probed", () => {
  const matrix = { rows: 2, columns: 1, values: Float32Array.of(1, 2) };
  expect(() => linearProbe(matrix, [0, 1], { groups: [3, 3] })).toThrow(/two groups.* got 1/);
  expect(() => knnAccuracy(matrix, [0, 1], { groups: [3, 3] })).toThrow(/other groups than 3/);
  expect(() => knnAccuracy(matrix, [0])).toThrow(InvalidInput);
  expect(() => solvePositive(Float64Array.of(1, 0, 2, 1), Float64Array.of(1, 1))).toThrow(/-3/);
});

import { expect, test } from "vitest";
import { displacement } from "../../../domain/pretexts/displacement.ts";
import { createRandom } from "../../../domain/random.ts";

const line = (k: number) => Array.from({ length: k }, (_, i) => i);

test("is 0 for the right order, 2/k for one swap of neighbours, ⌊k²/2⌋/k reversed", () => {
  expect(displacement(line(12), line(12))).toBe(0);
  const swapped = line(12).map((i) => (i === 4 ? 5 : i === 5 ? 4 : i));
  expect(displacement(swapped, line(12))).toBeCloseTo(2 / 12, 12);
  expect(displacement(line(12).reverse(), line(12))).toBe(6);
  expect(displacement(line(7).reverse(), line(7))).toBeCloseTo(24 / 7, 12);
});

// method.md §2.3: (k² - 1) / (3k)
test.each([
  [8, 2.625],
  [12, 3.972],
  [16, 5.312],
  [32, 10.656],
])("random scores of %i slices give %f on average", (k, expected) => {
  const random = createRandom(k);
  const runs = 4000;
  let sum = 0;
  for (let i = 0; i < runs; i++)
    sum += displacement(
      line(k).map(() => random.next()),
      line(k),
    );
  expect(Math.abs(sum / runs - expected) / expected).toBeLessThan(0.02);
});

test("does not care in which order slices are given, unlike plain argsort", () => {
  const [z, psi] = [
    [0.3, 0.1, 0.2],
    [5, 9, 1],
  ];
  // Ranks 2 0 1 against 1 2 0.
  expect(displacement(z, psi)).toBeCloseTo(4 / 3, 12);
  const turned = [1, 2, 0];
  expect(
    displacement(
      turned.map((i) => z[i]!),
      turned.map((i) => psi[i]!),
    ),
  ).toBeCloseTo(4 / 3, 12);
});

import { expect, it } from "vitest";
import { createTexture } from "../../../domain/phantoms/texture.ts";
import { createRandom } from "../../../domain/random.ts";

it("has mean 0, spread 1, and is smooth below its wavelength only", () => {
  const texture = createTexture(createRandom(4, "texture"), 8);
  const random = createRandom(5);
  const N = 30_000;
  const sums = { mean: 0, square: 0, near: 0, far: 0 };
  for (let i = 0; i < N; i++) {
    const [z, y, x] = [random.uniform(-999, 999), random.uniform(0, 999), random.uniform(0, 999)];
    const value = texture(z, y, x);
    sums.mean += value / N;
    sums.square += value ** 2 / N;
    sums.near += (value * texture(z, y + 0.8, x)) / N;
    sums.far += (value * texture(z, y + 17, x)) / N;
  }
  expect(Math.abs(sums.mean)).toBeLessThan(0.05);
  expect(Math.sqrt(sums.square)).toBeGreaterThan(0.93);
  expect(Math.sqrt(sums.square)).toBeLessThan(1.07);
  expect(sums.near).toBeGreaterThan(0.85);
  expect(Math.abs(sums.far)).toBeLessThan(0.1);
});

import { expect, it } from "vitest";
import { createExtents } from "../../../activities/sources/tiff/tiff-extents.ts";
import { createRandom } from "../../../domain/random.ts";

it("takes exactly the bytes that nobody has taken, in whatever order they come", () => {
  const random = createRandom(5, "extents");
  for (let round = 0; round < 50; round++) {
    const extents = createExtents();
    const taken = new Uint8Array(400);
    for (let i = 0; i < 200; i++) {
      const start = random.int(380);
      const length = random.int(20);
      const free = taken.subarray(start, start + length).every((byte) => byte === 0);
      expect(extents.claim(start, length)).toBe(free);
      if (free) taken.fill(1, start, start + length);
    }
  }
});

import { afterAll, describe, expect, it } from "vitest";
import { CORPUS, makeMalformed } from "../../fixtures/make/malformed/corpus.ts";
import { createReader, MEMORY_LIMIT } from "../../fixtures/make/malformed/create-reader.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const reader = createReader();
afterAll(() => reader.close());

for (const [family, entries] of Object.entries(CORPUS)) {
  describe(`${family}: says which file is wrong and why, in time and without memory, for`, () => {
    it.each(entries)("$name", async (entry) => {
      const folder = await temporaryFolder();
      await makeMalformed(entry, folder);
      const spec = { scan: "P05", source: entry.source, ...entry.spec };
      const { outcome, grown } = await reader.read(spec, folder);
      expect(outcome).toMatchObject({ kind: "refused" });
      expect("message" in outcome ? outcome.message : "").toMatch(entry.message);
      expect(outcome).toMatchObject({
        tag: entry.tag,
        message: expect.stringMatching(/^P05\b/) as string,
      });
      expect(grown).toBeLessThan(MEMORY_LIMIT);
    });
  });
}

it("holds at least 150 malformed scans, each of another kind", () => {
  const names = Object.entries(CORPUS).flatMap(([family, entries]) =>
    entries.map(({ name }) => `${family}: ${name}`),
  );
  expect(names.length).toBeGreaterThanOrEqual(150);
  expect(new Set(names).size).toBe(names.length);
});

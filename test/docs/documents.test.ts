import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DOCUMENTS } from "../../docs/documents.ts";

test.each(DOCUMENTS)(
  "docs/$file is what the schemas say (else: npm run docs)",
  ({ file, text }) => {
    expect(readFileSync(new URL(`../../docs/${file}`, import.meta.url), "utf8")).toBe(text);
  },
);

test("describes every field", () => {
  const rows = DOCUMENTS.flatMap(({ text }) => text.split("\n").filter((l) => l.startsWith("| `")));
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.filter((row) => row.endsWith("|  |")).map((row) => row.split("|")[1])).toEqual([]);
});

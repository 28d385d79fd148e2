import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadDocument, parseText } from "../../cli/load-document.ts";

const dir = mkdtempSync(join(tmpdir(), "microtome-load-"));
afterAll(() => rmSync(dir, { recursive: true }));

test("reads JSON, with or without a byte order mark, and YAML", () => {
  const file = join(dir, "a.json");
  writeFileSync(file, '\uFEFF{"batch": "b"}');
  expect(loadDocument(file)).toEqual({ batch: "b" });
  expect(parseText("batch: b\nscans:\n  - source: a\n", "a.yaml")).toEqual({
    batch: "b",
    scans: [{ source: "a" }],
  });
});

test.each([
  ['{\n "batch": "b",\n "scans": [}\n', "x.json", /^x\.json:3:12: not JSON/],
  ['{\n "batch": "b"', "x.JSON", /^x\.JSON:2:\d+: not JSON/],
  ["", "x.json", /^x\.json: not JSON: Unexpected end/],
  ["batch: b\nscans: [a, b\nx: 1\n", "x.yml", /^x\.yml:3:\d+: not YAML/],
  ["a: 1\na: 2\n", "x.yaml", /^x\.yaml:2:1: not YAML: Map keys must be unique/],
])("%j is refused naming file and line", (text, name, message) => {
  expect(() => parseText(text, name)).toThrow(message);
});

test("a YAML file that unfolds without end is refused", () => {
  const lines = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (const [name, from] of ["ba", "cb", "dc", "ed", "fe"].map((s) => [...s])) {
    lines.push(`${name}: &${name} [${Array(9).fill(`*${from}`).join(", ")}]`);
  }
  expect(() => parseText(lines.join("\n"), "bomb.yaml")).toThrow(/^bomb\.yaml: not YAML/);
});

test("a file that is not there is named", () => {
  expect(() => loadDocument(join(dir, "none.json"))).toThrow(/none\.json: there is no such file/);
  expect(() => loadDocument(dir)).toThrow(/expected a JSON or YAML file/);
});

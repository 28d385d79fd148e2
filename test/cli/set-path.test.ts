import { expect, test } from "vitest";
import { parseAssignment, setPaths } from "../../cli/set-path.ts";

test.each([
  ["pretrain.steps=100", ["pretrain", "steps"], 100],
  ["collection=fish", ["collection"], "fish"],
  ['a.b={"c":[1]}', ["a", "b"], { c: [1] }],
  ["note=", ["note"], ""],
  ["localize.margin=0.1", ["localize", "margin"], 0.1],
  ["scans.0.source=a=b.tif", ["scans", "0", "source"], "a=b.tif"],
  ["batch=007", ["batch"], "007"],
])("%s is read as a path and a JSON value, or text", (text, path, value) => {
  expect(parseAssignment(text)).toEqual({ path, value });
});

test.each(["steps", "=3", "a..b=3", ".a=1", "__proto__.x=1", "a.constructor.b=1"])(
  "%s is refused",
  (text) => {
    expect(() => parseAssignment(text)).toThrow(/--set: got/);
  },
);

const set = (document: unknown, ...texts: string[]) =>
  setPaths(document, texts.map(parseAssignment));

test("sets nested fields, making objects on the way, and leaves the original alone", () => {
  const document = { batch: "b", pretrain: { seed: 1 } };
  expect(set(document, "pretrain.steps=5", "crop.uniform=false", "pretrain.steps=6")).toEqual({
    batch: "b",
    pretrain: { seed: 1, steps: 6 },
    crop: { uniform: false },
  });
  expect(document).toEqual({ batch: "b", pretrain: { seed: 1 } });
});

test("names elements of a list by index or by id", () => {
  const document = { scans: [{ id: "A" }, { id: "0" }] };
  expect(set(document, "scans.1.x=1")).toEqual({ scans: [{ id: "A" }, { id: "0", x: 1 }] });
  expect(set(document, "scans.0.x=1")).toEqual({ scans: [{ id: "A" }, { id: "0", x: 1 }] });
  expect(set(document, "scans.A.x=1")).toEqual({ scans: [{ id: "A", x: 1 }, { id: "0" }] });
});

test("refuses an element that is not there and a path through a number", () => {
  expect(() => set({ scans: [] }, "scans.A.x=1")).toThrow(/expected an index below 0 or an id/);
  expect(() => set({ scans: [1] }, "scans.1=2")).toThrow(/expected an index below 1/);
  expect(() => set({ a: 3 }, "a.b=1")).toThrow(/got 3 on the way/);
});

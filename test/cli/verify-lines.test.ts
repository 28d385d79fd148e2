import { expect, test } from "vitest";
import { describeRepair, describeVerified } from "../../cli/commands/verify.ts";

const checked = { manifests: 6, objects: 30, bytes: 12_000_000 };

test("says that all is as promised, and what is gone on purpose", () => {
  expect(describeVerified({ checked, problems: [], notes: ["A was purged"] })).toEqual([
    "30 objects of 6 manifests, 12.0 MB: all as promised",
    "A was purged",
  ]);
});

test("names every damaged object with its scan", () => {
  const problems = [
    { kind: "missing", key: "crops/a", scan: "A01", message: "It is not there" },
    { kind: "wrong-digest", key: "models/b", message: "It differs" },
  ] as const;
  expect(describeVerified({ checked, problems, notes: [] })).toEqual([
    "30 objects of 6 manifests, 12.0 MB: 2 problems",
    "  missing       A01  crops/a",
    "                     It is not there",
    "  wrong-digest  –    models/b",
    "                     It differs",
  ]);
});

test("a repair lists before it moves, and says what to do then", () => {
  const plan = { documents: ["stages/m"], objects: ["crops/a"], beyond: ["x: cannot"] };
  expect(describeRepair(plan, "night", undefined)).toEqual([
    "To be moved to quarantine/damaged/ (nothing was moved yet; --yes does it):",
    "  stages/m",
    "  crops/a",
    "not mended: x: cannot",
  ]);
  expect(describeRepair(plan, "night", 2).at(-1)).toMatch(/^Submit night again/);
  expect(describeRepair({ documents: [], objects: [], beyond: [] }, undefined, 0)).toEqual([
    "Nothing to move aside",
  ]);
});

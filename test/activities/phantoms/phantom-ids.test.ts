import { describe, expect, it } from "vitest";
import { phantomIds } from "../../../activities/phantoms/phantom-ids.ts";
import { InvalidInput } from "../../../domain/errors.ts";

describe("phantomIds", () => {
  it("numbers phantoms from P01", () => {
    expect(phantomIds(3)).toEqual(["P01", "P02", "P03"]);
    expect(phantomIds(100)[99]).toBe("P100");
  });

  it("takes the ids given", () => {
    expect(phantomIds(2, ["A-1", "b_2.x"])).toEqual(["A-1", "b_2.x"]);
  });

  it.each([
    [0, undefined, /count .* got 0/],
    [1.5, undefined, /got 1.5/],
    [2, ["A"], /expected 2 ids, got 1/],
    [2, ["A", "A"], /"A" .* taken/],
    [2, ["A", "A.labels"], /"A.labels" .* taken/],
    [1, ["truth"], /"truth" .* taken/],
    [1, ["../up"], /got "..\/up"/],
    [1, [".hidden"], /got ".hidden"/],
  ])("refuses %s of %o", (count, ids, message) => {
    expect(() => phantomIds(count, ids)).toThrow(InvalidInput);
    expect(() => phantomIds(count, ids)).toThrow(message);
  });
});

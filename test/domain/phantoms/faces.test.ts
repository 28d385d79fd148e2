import { expect, it } from "vitest";
import { touchedFaces } from "../../../domain/phantoms/faces.ts";

it("names the faces of the scan that a box reaches", () => {
  expect(touchedFaces([[0, 3], [1, 5], [2, 9]], [8, 5, 9])).toEqual(["z0", "y1", "x1"]); // prettier-ignore
  expect(touchedFaces([[1, 7], [1, 4], [1, 8]], [8, 5, 9])).toEqual([]); // prettier-ignore
});

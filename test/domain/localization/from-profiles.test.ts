import { expect, it } from "vitest";
import { localizeFromProfiles } from "../../../domain/localization/from-profiles.ts";
import type { CertaintyProfile } from "../../../domain/localization/from-profiles.ts";

const view = { shape: [60, 60, 60] as const, bin: 2 };
const place = { level: 0, shape0: [120, 120, 119] as const };

/** High for view slices lo … hi - 1, seen at every `stride`-th slice from `offset` on. */
function profile(lo: number, hi: number, offset = 0, stride = 1): CertaintyProfile {
  const count = Math.floor((59 - offset) / stride) + 1;
  const values = Array.from({ length: count }, (_, i) => {
    const slice = offset + stride * i;
    return slice >= lo && slice < hi ? 0.8 : 0.15;
  });
  return { values, offset, stride };
}

it("is the product of three intervals, in voxels of level 0", () => {
  const { box, flat } = localizeFromProfiles(
    [profile(20, 40), profile(15, 45), profile(30, 50)],
    view,
    place,
  );
  const truth = [
    [40, 80],
    [30, 90],
    [60, 100],
  ];
  box!
    .flat()
    .forEach((face, i) => expect(Math.abs(face - truth.flat()[i]!)).toBeLessThanOrEqual(2));
  expect(flat).toEqual([]);
});

it("knows between which sampled slices a face lies", () => {
  const sampled = profile(20, 40, 1, 3);
  const { box } = localizeFromProfiles([sampled, sampled, sampled], view, place);
  // Slices 19 (out) and 22 (in), 37 (in) and 40 (out) were seen.
  expect(box![0][0]).toBeGreaterThanOrEqual(2 * 19);
  expect(box![0][0]).toBeLessThanOrEqual(2 * 22);
  expect(box![0][1]).toBeGreaterThanOrEqual(2 * 38);
  expect(box![0][1]).toBeLessThanOrEqual(2 * 41);
});

it("keeps a flat axis in full and names it; knows nothing when all are flat", () => {
  const flat = { values: Array<number>(60).fill(0.2), offset: 0, stride: 1 };
  const found = localizeFromProfiles([profile(20, 40), flat, profile(0, 30)], view, place);
  expect(found.flat).toEqual(["y"]);
  expect(found.box![1]).toEqual([0, 120]);
  expect(found.box![2][0]).toBe(0);
  expect(localizeFromProfiles([flat, flat, flat], view, place).box).toBeUndefined();
});

it("extends a face on the view's border to the volume's", () => {
  const { box } = localizeFromProfiles(
    [profile(20, 40), profile(20, 40), profile(40, 60)],
    view,
    place,
  );
  expect(box![2][1]).toBe(119);
});

import { expect, it } from "vitest";
import { InvalidInput } from "../../../domain/errors.ts";
import { diagnoseRotation } from "../../../domain/pretexts/diagnose-rotation.ts";
import { warnShortcut } from "../../../domain/pretexts/warn-shortcut.ts";

it("sees nothing wrong where background is at chance", () => {
  const sound = diagnoseRotation({
    p0: { specimen: [0.9, 0.7], background: [0.15, 0.17] },
    tta: { specimen: [0.5, 0.48, 0.2], background: [0.1, 0.24] },
  });
  expect(sound.p0.specimen).toBeCloseTo(0.8, 12);
  expect(sound.p0.background).toBeCloseTo(0.16, 12);
  expect(sound.p0.auc).toBe(1);
  // .5 and .48 are above both, .2 above one: 5 of 6.
  expect(sound.tta?.auc).toBeCloseTo(5 / 6, 12);
  expect(warnShortcut(sound)).toEqual([]);
});

it("warns of what the phantom showed: p0 high everywhere, and higher in the background", () => {
  // method.md §7.4: means .74 inside, .83 outside.
  const found = diagnoseRotation({
    p0: { specimen: [0.7, 0.78], background: [0.76, 0.83, 0.9] },
    tta: { specimen: [0.3, 0.2], background: [0.25, 0.28] },
  });
  expect(warnShortcut(found)).toEqual([
    expect.stringMatching(/^Angles are told where there is no specimen: .* 0\.83, 0\.14 by chance/),
    expect.stringMatching(/p0\) points at the background: .* in 17 % of comparisons only/),
    expect.stringMatching(/^Certainty of turned copies hardly .* in 50 % of comparisons$/),
  ]);
});

it("does not compare with nothing", () => {
  expect(() => diagnoseRotation({ p0: { specimen: [0.5], background: [] } })).toThrow(InvalidInput);
});

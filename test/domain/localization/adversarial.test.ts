import { expect, it } from "vitest";
import { createView } from "../../../domain/localization/create-view.ts";
import { marginFor } from "../../../domain/localization/margin.ts";
import { reconcile } from "../../../domain/localization/reconcile.ts";
import { finish } from "../../../domain/localization/steps.ts";
import { specimenLost } from "../../../domain/metrics/box-metrics.ts";
import type { PhantomCase } from "../../../domain/phantoms/phantom-cases.ts";
import type { SpecimenName } from "../../../domain/phantoms/specimen-names.ts";
import { growBox } from "../../../domain/volumes/box.ts";
import { makePhantom } from "../phantoms/make-phantom.ts";

/** What is decided about a phantom without any learning, and how much of its specimen the crop loses. */
function decide(of: PhantomCase, specimen: SpecimenName = "fish") {
  const phantom = makePhantom({ preset: "paper", size: 64, seed: 3, specimen, case: of });
  const { shape } = phantom.scan;
  const { view } = finish(createView(phantom.scan));
  const decided = reconcile({ view, place: { level: 0, shape0: shape } });
  const kept = decided.box && growBox(decided.box, marginFor(shape).margin, shape);
  const said = decided.reasons.join("; ");
  return { ...decided, said, lost: kept ? specimenLost(kept, phantom.specimen) : 0 };
}

it("keeps an empty tube whole, and is not sure of anything", () => {
  expect(decide("empty")).toMatchObject({
    outcome: "kept-whole",
    confidence: 0,
    said: expect.stringMatching(/^No specimen found/) as string,
  });
});

it("keeps both of two specimens, and says that there are pieces", () => {
  const { outcome, lost, said } = decide("two");
  expect({ outcome, lost }).toEqual({ outcome: "cropped", lost: 0 });
  expect(said).toContain("The specimen shows in 2 pieces");
});

it.each(["fish", "embryo", "plant"] as const)(
  "says that a %s touches the wall, and keeps what the wall hides",
  (specimen) => {
    const { outcome, lost, said } = decide("touching-wall", specimen);
    expect({ outcome, lost }).toEqual({ outcome: "cropped", lost: 0 });
    expect(said).toContain("touches what was masked");
  },
);

it("does not say so of a specimen that lies free", () => {
  expect(decide("none").said).not.toContain("touches what was masked");
  expect(decide("none", "embryo").said).not.toContain("touches what was masked");
});

it("loses nothing beside a staple, or keeps everything", () => {
  for (const specimen of ["fish", "embryo"] as const) {
    const { outcome, lost, said } = decide("staple", specimen);
    expect(lost).toBe(0);
    if (outcome === "kept-whole") expect(said).toMatch(/No specimen found/);
  }
});

it("finds a specimen upside down like any other", () => {
  const [up, down] = [decide("none"), decide("upside-down")];
  expect(down).toMatchObject({ outcome: "cropped", lost: 0 });
  expect(Math.abs(down.confidence - up.confidence)).toBeLessThan(0.1);
});

it("crops a specimen that the field of view cuts, and says where", () => {
  for (const specimen of ["fish", "embryo", "plant"] as const) {
    const { outcome, lost, said, touchesBorder } = decide("cut", specimen);
    expect({ outcome, lost }).toEqual({ outcome: "cropped", lost: 0 });
    expect(said).toMatch(/touches the volume's border at z (start|end)/);
    expect(touchesBorder[0]!.some(Boolean)).toBe(true);
  }
});

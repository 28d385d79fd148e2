import { describe, expect, it } from "vitest";
import { inView } from "../../../domain/phantoms/choose-seat.ts";
import { CONTAINERS, type ContainerName } from "../../../domain/phantoms/container-names.ts";
import { createSpecimen } from "../../../domain/phantoms/create-specimen.ts";
import type { PhantomRequest } from "../../../domain/phantoms/phantom-request.ts";
import { planPhantom, type PhantomPlan } from "../../../domain/phantoms/plan-phantom.ts";
import { PHANTOM_PRESETS, type PhantomPresetName } from "../../../domain/phantoms/presets.ts";
import { createRoomDepth } from "../../../domain/phantoms/room-depth.ts";
import { specimenBoxes } from "../../../domain/phantoms/specimen-boxes.ts";
import { SPECIMENS, type SpecimenName } from "../../../domain/phantoms/specimen-names.ts";
import { boxVolume, growBox } from "../../../domain/volumes/box.ts";
import type { Box } from "../../../domain/volumes/shape.ts";

const PRESETS = Object.keys(PHANTOM_PRESETS) as PhantomPresetName[];
const KINDS = Object.keys(SPECIMENS) as SpecimenName[];
const VESSELS = Object.keys(CONTAINERS) as ContainerName[];

function truthBox(request: PhantomRequest): Box {
  return specimenBoxes(planPhantom(request))[0]!;
}

/** The least distance of the specimens' skins from walls, rim of the view, plug, surface and ends. */
function clearance({ specimens, staining, container, request: { size } }: PhantomPlan): number {
  const depth = inView(createRoomDepth(container, size), size);
  const middle = (size - 1) / 2;
  const distances = specimens.flatMap((pose) =>
    createSpecimen(pose, staining, size).skin.map(([z, y, x]) => {
      const dy = y - container.axis[0] - container.slope[0] * (z - middle);
      const dx = x - container.axis[1] - container.slope[1] * (z - middle);
      const surface =
        container.surface + container.surfaceSlope[0] * dy + container.surfaceSlope[1] * dx;
      return Math.min(depth(z, y, x), z - container.plug, surface - z, size - z);
    }),
  );
  return Math.min(...distances);
}

describe("planPhantom", () => {
  it.each(KINDS)(
    "lets a crop of a demo %s with 4 % margin keep at most half of the scan",
    (kind) => {
      for (let seed = 1; seed <= 3; seed++) {
        const box = truthBox({ preset: "demo", size: 128, seed, specimen: kind });
        expect(boxVolume(box) / 128 ** 3).toBeGreaterThan(0.085);
        expect(boxVolume(box) / 128 ** 3).toBeLessThan(0.3);
        const kept = growBox(box, [[6, 6], [6, 6], [6, 6]], [128, 128, 128]); // prettier-ignore
        expect(boxVolume(kept) / 128 ** 3).toBeLessThan(0.5);
      }
    },
  );

  it.each(PRESETS)("puts every fish of %s clear of wall, plug and surface", (preset) => {
    for (const size of [20, 128]) {
      for (let seed = 0; seed < 30; seed++) {
        expect(clearance(planPhantom({ preset, size, seed }))).toBeGreaterThan(1);
      }
    }
  });

  it.each(KINDS.flatMap((kind) => VESSELS.map((vessel) => [kind, vessel] as const)))(
    "puts every %s in %s clear of wall, plug and surface, and in view",
    (specimen, container) => {
      for (let seed = 0; seed < 6; seed++) {
        const plan = planPhantom({ preset: "paper", size: 64, seed, specimen, container });
        // A bed's specimen lies on it, 1 to 3 voxels off.
        expect(clearance(plan)).toBeGreaterThan(0.9);
      }
    },
  );

  it.each(["tube", "square", "double", "none", "bed"] as const)(
    "leaves air around %s in every slice",
    (container) => {
      for (let seed = 0; seed < 30; seed++) {
        expect(planPhantom({ preset: "hard", size: 128, seed, container }).beyond).toBe(0);
      }
    },
  );

  it("shows neither wall nor surface of a tube wider than the view", () => {
    for (let seed = 0; seed < 30; seed++) {
      const request = { preset: "hard", size: 128, seed, container: "no-air" } as const;
      const { container, acquisition } = planPhantom(request);
      const depth = createRoomDepth(container, 128);
      for (const z of [0, 127]) {
        for (const [y, x] of [
          [0, 0],
          [0, 127],
          [127, 0],
          [127, 127],
        ] as const) {
          expect(depth(z, y, x)).toBeGreaterThan(0);
        }
      }
      expect(container.surface).toBeGreaterThan(140);
      expect(acquisition.extension).toBeGreaterThan(0);
    }
  });

  it.each(KINDS)("moves %s about so much that the mean box misses by 8 % of its side", (kind) => {
    const boxes = Array.from({ length: 16 }, (_, seed) =>
      truthBox({ preset: "demo", size: 64, seed, specimen: kind }),
    );
    let error = 0;
    let side = 0;
    for (const axis of [0, 1, 2] as const) {
      for (const end of [0, 1] as const) {
        const mean = boxes.reduce((s, box) => s + box[axis][end], 0) / boxes.length;
        for (const box of boxes) error += Math.abs(box[axis][end] - mean) / 2;
      }
      for (const box of boxes) side += box[axis][1] - box[axis][0];
    }
    expect(error / side).toBeGreaterThan(0.08);
  });

  it("draws heads of both directions, and equal plans from equal requests", () => {
    const plans = Array.from({ length: 12 }, (_, seed) =>
      planPhantom({ preset: "paper", size: 64, seed }),
    );
    const heads = plans.map(({ specimens }) => specimens[0]!.head);
    expect(new Set(heads)).toEqual(new Set(["up", "down"]));
    expect(planPhantom({ preset: "paper", size: 64, seed: 3 })).toEqual(plans[3]);
    expect(plans[4]!.specimens).not.toEqual(plans[3]!.specimens);
  });

  it.each(KINDS.flatMap((kind) => VESSELS.map((vessel) => [kind, vessel] as const)))(
    "is plain JSON for %s in %s",
    (specimen, container) => {
      const name = container === "bed" || container === "none" ? "staple" : "cut";
      const plan = planPhantom({
        preset: "hard",
        size: 32,
        seed: 9,
        specimen,
        container,
        case: name,
      });
      expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    },
  );
});

import { describe, expect, it } from "vitest";
import type { ContainerName } from "../../../domain/phantoms/container-names.ts";
import { createSpecimen } from "../../../domain/phantoms/create-specimen.ts";
import { createPainter } from "../../../domain/phantoms/paint-slice.ts";
import type { PhantomCase } from "../../../domain/phantoms/phantom-cases.ts";
import { planPhantom } from "../../../domain/phantoms/plan-phantom.ts";
import { createRoomDepth } from "../../../domain/phantoms/room-depth.ts";
import { skinSpan } from "../../../domain/phantoms/skin-bounds.ts";
import { specimenBoxes } from "../../../domain/phantoms/specimen-boxes.ts";
import { SPECIMENS, type SpecimenName } from "../../../domain/phantoms/specimen-names.ts";
import { stapleDepth } from "../../../domain/phantoms/staple.ts";
import { touchedFaces } from "../../../domain/phantoms/faces.ts";
import { hullBox } from "../../../domain/volumes/box.ts";
import { components } from "../../../domain/volumes/components.ts";
import { makePhantom } from "./make-phantom.ts";

const KINDS = Object.keys(SPECIMENS) as SpecimenName[];
const SIZE = 64;

function plan(
  name: PhantomCase,
  seed: number,
  more: { specimen?: SpecimenName; container?: ContainerName } = {},
) {
  // prettier-ignore
  return planPhantom({ preset: "paper", size: SIZE, seed, case: name, ...more });
}

describe("a phantom's case", () => {
  it("empty has no specimen, no box and no label", () => {
    const phantom = makePhantom({ preset: "paper", size: 24, seed: 1, case: "empty" });
    expect(phantom.labels.data.every((label) => label === 0)).toBe(true);
    expect(phantom).toMatchObject({ boxes: [], touches: [], specimenVoxels: 0 });
    expect(phantom).not.toHaveProperty("box");
  });

  it.each(KINDS)("two has two %s apart, each with its own box", (specimen) => {
    for (let seed = 0; seed < 4; seed++) {
      const drawn = plan("two", seed, { specimen });
      const boxes = specimenBoxes(drawn);
      expect(boxes).toHaveLength(2);
      const [a, b] = drawn.specimens.map((pose) => createSpecimen(pose, drawn.staining, SIZE));
      const nearest = Math.max(...a!.skin.map(([z, y, x]) => b!.depth(z, y, x)));
      expect(nearest).toBeLessThan(-1.4);
    }
  });

  it("two has a hull around both", () => {
    const phantom = makePhantom({ preset: "paper", size: 32, seed: 3, case: "two" });
    expect(phantom.box).toEqual(phantom.boxes.reduce(hullBox));
    expect(phantom.boxes).toHaveLength(2);
  });

  it.each(
    KINDS.flatMap((kind) =>
      (["tube", "square", "double", "bed"] as const).map((c) => [kind, c] as const),
    ),
  )("touching-wall presses %s into %s by less than a voxel", (specimen, container) => {
    // prettier-ignore
    for (let seed = 0; seed < 4; seed++) {
        const drawn = plan("touching-wall", seed, { specimen, container });
        const depth = createRoomDepth(drawn.container, SIZE);
        const { skin } = createSpecimen(drawn.specimens[0]!, drawn.staining, SIZE);
        const least = Math.min(...skin.map(([z, y, x]) => depth(z, y, x)));
        expect(least).toBeLessThan(0);
        expect(least).toBeGreaterThan(-1);
      }
  });

  it("touching-wall labels nothing beyond the wall", () => {
    const { labels, plan } = makePhantom({
      preset: "easy",
      size: 40,
      seed: 5,
      case: "touching-wall",
    });
    const depth = createRoomDepth(plan.container, 40);
    let beyond = 0;
    let touching = 0;
    for (let i = 0; i < 40 ** 3; i++) {
      if (labels.data[i] === 0) continue;
      const at = depth(Math.floor(i / 1600), Math.floor(i / 40) % 40, i % 40);
      if (at <= 0) beyond++;
      if (at < 1.5) touching++;
    }
    expect(beyond).toBe(0);
    expect(touching).toBeGreaterThan(0);
  });

  it.each(KINDS)("upside-down turns %s head down", (specimen) => {
    for (let seed = 0; seed < 6; seed++) {
      expect(plan("upside-down", seed, { specimen }).specimens[0]!.head).toBe("down");
    }
  });

  it.each(
    KINDS.flatMap((kind) =>
      (["tube", "bed", "none", "no-air"] as const).map((c) => [kind, c] as const),
    ),
  )(
    "cut takes a part of every %s in %s out of view, and says through which face",
    (specimen, container) => {
      for (let seed = 0; seed < 6; seed++) {
        const drawn = plan("cut", seed, { specimen, container });
        const { skin } = createSpecimen(drawn.specimens[0]!, drawn.staining, SIZE);
        const [box] = specimenBoxes(drawn);
        const faces = touchedFaces(box!, [SIZE, SIZE, SIZE]);
        expect(faces.length).toBeGreaterThan(0);
        const shares = faces.map((face) => {
          const axis = "zyx".indexOf(face[0]!) as 0 | 1 | 2;
          const [lo, hi] = skinSpan(skin, axis);
          return (face.endsWith("0") ? -lo : hi - (SIZE - 1)) / (hi - lo);
        });
        expect(Math.max(...shares)).toBeGreaterThan(0.149);
        expect(Math.max(...shares)).toBeLessThan(0.401);
        if (container !== "none" && container !== "no-air") expect(faces[0]![0]).toBe("z");
      }
    },
  );

  it("cut leaves through sides too where nothing is in the way", () => {
    const faces = Array.from({ length: 12 }, (_, seed) => {
      const [box] = specimenBoxes(plan("cut", seed, { container: "no-air" }));
      return touchedFaces(box!, [SIZE, SIZE, SIZE])[0]![0];
    });
    expect(new Set(faces).size).toBeGreaterThan(1);
  });

  it("staple is metal, in view, and clear of the specimen", () => {
    for (let seed = 0; seed < 8; seed++) {
      const { staple, specimens, staining } = plan("staple", seed);
      expect(staple!.mu).toBeGreaterThan(100);
      const depth = stapleDepth(staple!);
      const { skin } = createSpecimen(specimens[0]!, staining, SIZE);
      expect(Math.max(...skin.map(([z, y, x]) => depth(z, y, x)))).toBeLessThan(-1);
      const [, [, y, x]] = staple!.corners;
      expect(Math.hypot(y - 31.5, x - 31.5)).toBeLessThan(32);
      expect(depth(...staple!.corners[1])).toBeGreaterThan(0.6);
    }
  });

  it.each(["tube", "square", "double"] as const)("full has no air in %s", (container) => {
    const drawn = plan("full", 2, { container });
    const painter = createPainter(drawn);
    const mu = new Float32Array(SIZE * SIZE);
    const labels = new Uint8Array(SIZE * SIZE);
    painter.paint(SIZE - 1, mu, labels);
    const depth = createRoomDepth(drawn.container, SIZE);
    const inside = mu.filter((_, i) => depth(SIZE - 1, Math.floor(i / SIZE), i % SIZE) > 1);
    expect(inside.length).toBeGreaterThan(200);
    expect(Math.min(...inside)).toBeGreaterThan(0.7);
  });

  it.each(KINDS)("none is one piece of %s", (specimen) => {
    const { labels } = makePhantom({ preset: "easy", size: 64, seed: 2, specimen });
    const data = labels.data.map((label) => (label > 0 ? 1 : 0));
    const whole = data.reduce((sum, voxel) => sum + voxel, 0);
    const { sizes } = components({ shape: labels.shape, data });
    expect(Math.max(...sizes) / whole).toBeGreaterThan(0.99);
  });
});

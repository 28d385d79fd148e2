import { describe, expect, it } from "vitest";
import { maskContainer } from "../../../../domain/localization/container/container-mask.ts";
import type { FoundContainer } from "../../../../domain/localization/container/container.ts";
import { findContainer } from "../../../../domain/localization/container/find-container.ts";
import { onLine } from "../../../../domain/localization/container/line.ts";
import { gaussian } from "../../../../domain/volumes/gaussian.ts";
import type { Grid, Mask } from "../../../../domain/volumes/shape.ts";
import { containerScan } from "../../../support/container-scan.ts";
import type { ContainerKind, ContainerScanOptions } from "../../../support/container-scan.ts";
import { tubeScan } from "../../../support/tube-scan.ts";

const find = (level: Grid) => findContainer(level, gaussian(level, 1.5));

function found(level: Grid): FoundContainer {
  const container = find(level);
  if (container.kind === "none") throw new Error(container.reason);
  return container;
}

describe("a round tube in air", () => {
  it("is found, tilted as it is, with its radii and its axis", () => {
    const { kind, wall, reason } = found(tubeScan({ size: 64 }).level);
    expect(kind).toBe("tube");
    expect(reason).toMatch(/no wall was found within it \(.+\)/);
    expect(wall!.outerRadius).toBeCloseTo(0.44 * 64, -0.5);
    expect(wall!.section.radius).toBeLessThanOrEqual(0.44 * 64 - 2.5);
    expect(wall!.section.radius).toBeGreaterThan(0.44 * 64 - 8);
    expect(onLine(wall!.centreY, 0)).toBeCloseTo(0.49 * 64 - 0.64, 0);
    expect(onLine(wall!.centreY, 63)).toBeCloseTo(0.49 * 64 + 0.62, 0);
    expect(onLine(wall!.centreX, 32)).toBeCloseTo(0.51 * 64, 0);
  });
});

/** Shares of the specimen that is kept and of the wall that is masked. */
function kept(kind: ContainerKind, options: ContainerScanOptions = {}) {
  const { level, specimen, wall } = containerScan(kind, options);
  const container = found(level);
  const { valid } = maskContainer(gaussian(level, 1.5), container);
  const share = ({ data }: Mask, value: number) => {
    const all = data.reduce((sum, v) => sum + v, 0);
    return data.reduce((sum, v, i) => sum + (v === 1 && valid.data[i] === value ? 1 : 0), 0) / all;
  };
  return { container, specimen: share(specimen, 1), wall: share(wall, 0) };
}

describe("other containers", () => {
  const cases: [ContainerKind, FoundContainer["kind"], RegExp][] = [
    ["square", "box", /Square tube of 5\d\.\d x 5\d\.\d voxels, turned by (20|110) degrees/],
    ["oblong", "box", /Square tube of/],
    ["double", "nested", /within it a round wall between the radii/],
    ["double-dry", "tube", /a round wall between the radii/],
    ["wide", "tube", /Round tube of radius/],
    ["cut", "partial", /round wall .* degrees of it in view/],
    ["dry", "tube", /round wall/],
    ["shell", "bed", /a thin shell along z/],
  ];
  for (const [kind, expected, reason] of cases) {
    for (const noise of [3, 8]) {
      it(`${kind}, noise ${noise}: ${expected}, its walls masked and the specimen kept`, () => {
        const { container, specimen, wall } = kept(kind, { size: 80, noise });
        expect(container.kind, container.reason).toBe(expected);
        expect(container.reason).toMatch(reason);
        expect(specimen).toBeGreaterThanOrEqual(0.999);
        expect(wall).toBeGreaterThanOrEqual(0.97);
      });
    }
  }

  it("masks the wall of a tube full of air, and evens out nothing in it", () => {
    const container = found(tubeScan({ size: 64, medium: 20 }).level);
    expect(container).toMatchObject({ kind: "tube", dry: true });
    expect(container.air).toBeUndefined();
    expect(container.wall!.section.radius).toBeGreaterThan(0.44 * 64 - 5.5);
    expect(container.wall!.section.radius).toBeLessThan(0.44 * 64 - 2.5);
  });

  it("keeps a specimen that touches the wall, where there is one to be told from it", () => {
    for (const kind of ["wide", "cut", "dry"] as const) {
      const { specimen, wall } = kept(kind, { size: 80, touching: true });
      // What touches the wall is blurred into it: a voxel goes.
      expect(specimen, kind).toBeGreaterThan(0.96);
      expect(wall, kind).toBeGreaterThan(0.97);
    }
  });
});

describe("what is no container", () => {
  it("a round specimen, smooth or porous, is not masked", () => {
    for (const kind of ["egg", "core"] as const) {
      for (const seed of [1, 2]) {
        const container = find(containerScan(kind, { size: 80, seed }).level);
        expect(container.kind, container.reason).toBe("none");
      }
    }
  });

  it("says so for a specimen in air", () => {
    const { specimen } = tubeScan();
    const level = { shape: specimen.shape, data: specimen.data.map((v) => 200 * v) };
    expect(find(level).kind).toBe("none");
    expect(find(level).reason).toMatch(/slices only/);
  });

  it("says so for nothing, for one voxel and for a volume without air", () => {
    expect(find({ shape: [8, 8, 8], data: new Uint8Array(512) }).kind).toBe("none");
    expect(find({ shape: [1, 1, 1], data: Uint8Array.of(3) }).kind).toBe("none");
    const { level } = tubeScan({ size: 64 });
    const inner = new Uint8Array(64 * 20 * 20);
    for (let z = 0, i = 0; z < 64; z++) {
      for (let y = 22; y < 42; y++) {
        for (let x = 22; x < 42; x++) inner[i++] = level.data[(z * 64 + y) * 64 + x]!;
      }
    }
    expect(find({ shape: [64, 20, 20], data: inner }).kind).toBe("none");
  });
});

it("the round field of view of a reconstruction is masked to the last voxel that it shows", () => {
  const n = 48;
  const data = new Float32Array(n ** 3);
  const { specimen } = tubeScan();
  for (let i = 0; i < data.length; i++) {
    const [y, x] = [Math.floor(i / n) % n, i % n];
    const inside = Math.hypot(y - 23.5, x - 23.5) <= 24;
    if (inside) data[i] = 30 + ((i * 7919) % 11) + 90 * specimen.data[i]!;
  }
  const container = found({ shape: [n, n, n], data });
  expect(container).toMatchObject({ kind: "field", dry: true });
  const { valid } = maskContainer(gaussian({ shape: [n, n, n], data }, 1.5), container);
  data.forEach((v, i) => {
    if (v !== 0 && valid.data[i] !== 1) throw new Error(`voxel ${i} is masked`);
  });
  expect(valid.data.reduce((sum, v) => sum + v, 0) / n ** 3).toBeLessThan(0.84);
});

import { describe, expect, it } from "vitest";
import type { ContainerName } from "../../../domain/phantoms/container-names.ts";
import { createPhantom } from "../../../domain/phantoms/create-phantom.ts";
import { createPainter } from "../../../domain/phantoms/paint-slice.ts";
import { ORGANS, SCAN_GAIN, SCAN_OFFSET } from "../../../domain/phantoms/phantom.ts";
import type { PhantomCase } from "../../../domain/phantoms/phantom-cases.ts";
import type { PhantomRequest } from "../../../domain/phantoms/phantom-request.ts";
import { PHANTOM_PRESETS, type PhantomPresetName } from "../../../domain/phantoms/presets.ts";
import type { SpecimenName } from "../../../domain/phantoms/specimen-names.ts";
import { boundingBox } from "../../../domain/volumes/bounding-box.ts";
import { digest, makePhantom } from "./make-phantom.ts";

const PRESETS = Object.keys(PHANTOM_PRESETS) as PhantomPresetName[];

describe("createPhantom", () => {
  it("gives the bytes it always gave", () => {
    const { scan, labels, box } = makePhantom({ preset: "demo", size: 32, seed: 1 });
    // Another digest means another PHANTOM_VERSION.
    expect(digest(scan.data)).toBe("1ee47b9f35522fcf");
    expect(digest(labels.data)).toBe("3712a9486de54a32");
    expect(box).toEqual([
      [7, 26],
      [9, 21],
      [11, 27],
    ]);
  });

  it.each<[SpecimenName, ContainerName, PhantomCase, string]>([
    ["fish", "square", "touching-wall", "a2f8698727623517 2eb78b95a5985a4d"],
    ["fish", "bed", "two", "480fdd13558c5c83 c3bb08fec5fe6b19"],
    ["embryo", "tube", "none", "8d33f236f59a8162 6ea75b045649fd05"],
    ["embryo", "double", "staple", "e582f9d10f5ec94c b617becc48476ff0"],
    ["embryo", "no-air", "cut", "7b39d6a0e95e0f92 900b4be0a3d0130f"],
    ["plant", "tube", "full", "5f930b1c4aef2541 7b6b01c7cad76b06"],
    ["plant", "none", "upside-down", "17b50d2e56c577f7 3c5580969eccdac8"],
  ])("gives the bytes it always gave of %s, %s, %s", (specimen, container, name, golden) => {
    const request = {
      preset: "paper",
      size: 32,
      seed: 2,
      specimen,
      container,
      case: name,
    } as const;
    const { scan, labels } = makePhantom(request);
    expect(`${digest(scan.data)} ${digest(labels.data)}`).toBe(golden);
  });

  it("gives equal bytes for equal requests, others for another seed, preset, specimen or container", () => {
    const request = { preset: "hard", size: 20, seed: 4 } as const;
    const digests = [
      request,
      { ...request, specimen: "fish", container: "tube", case: "none" },
      { ...request, seed: 5 },
      { ...request, preset: "paper" },
      { ...request, specimen: "plant" },
      { ...request, container: "square" },
    ].map((one) => digest(makePhantom(one as PhantomRequest).scan.data));
    expect(digests[1]).toBe(digests[0]);
    expect(new Set(digests).size).toBe(5);
  });

  it("tells how far it is after every slice", () => {
    const fractions = [...createPhantom({ preset: "easy", size: 16, seed: 2 })];
    expect(fractions.map(({ fraction }) => fraction)).toEqual(
      Array.from({ length: 16 }, (_, z) => (z + 1) / 16),
    );
  });

  it.each([
    ...PRESETS.map((preset) => [preset, "fish", "tube"] as const),
    ["easy", "embryo", "square"] as const,
    ["easy", "plant", "bed"] as const,
  ])("knows the truth of %s, %s, %s: box, mask and labels agree", (preset, specimen, container) => {
    const phantom = makePhantom({ preset, size: 64, seed: 11, specimen, container });
    const { scan, labels, box } = phantom;
    const mask = labels.data.map((label) => (label > 0 ? 1 : 0));
    expect(phantom.specimen.data).toEqual(mask);
    expect(phantom.specimenVoxels).toBe(mask.filter((voxel) => voxel === 1).length);
    expect(box).toEqual(boundingBox({ shape: labels.shape, data: mask }));
    expect(phantom.boxes).toEqual([box]);
    expect(phantom.touches).toEqual([]);
    const organs = {
      fish: ["body", "spine", "eyes", "gut", "brain"],
      embryo: "body spine eyes gut yolk brain heart liver somites limbs".split(" "),
      plant: ["stem", "vessels", "leaves", "pith", "bud"],
    }[specimen];
    const names = Object.entries(ORGANS)
      .filter(([, label]) => label > 0 && labels.data.includes(label))
      .map(([name]) => name);
    expect(names.filter((name) => specimen !== "fish" || name !== "yolk")).toEqual(organs);
    expect(scan.data.every((grey) => grey > 0 && grey < 65535)).toBe(true);
  });

  it("reconstructs air, medium and tissue as they were painted", () => {
    const { scan, specimen, plan } = makePhantom({ preset: "easy", size: 64, seed: 3 });
    const painter = createPainter(plan);
    const exact = new Float32Array(64 * 64);
    const labels = new Uint8Array(64 * 64);
    const sums = { air: [0, 0, 0], medium: [0, 0, 0], tissue: [0, 0, 0] };
    const { axis, walls, innerRadius } = plan.container;
    const outerRadius = walls[0]!.outline.radius;
    for (let z = 16; z < 48; z++) {
      painter.paint(z, exact, labels);
      for (let i = 0; i < 64 * 64; i++) {
        const radius = Math.hypot(Math.floor(i / 64) - axis[0], (i % 64) - axis[1]);
        const isTissue = specimen.data[z * 64 * 64 + i] === 1;
        if (radius > innerRadius - 4 && radius < outerRadius + 3) continue;
        const sum = sums[isTissue ? "tissue" : radius < innerRadius ? "medium" : "air"];
        sum[0]! += 1;
        sum[1]! += exact[i]!;
        sum[2]! += (scan.data[z * 64 * 64 + i]! - SCAN_OFFSET) / SCAN_GAIN;
      }
    }
    for (const [count, painted, measured] of Object.values(sums)) {
      expect(count).toBeGreaterThan(100);
      expect(Math.abs(measured! - painted!) / count!).toBeLessThan(0.02);
    }
    const mean = ([count, , measured]: number[]) => measured! / count!;
    expect(mean(sums.tissue) - mean(sums.medium)).toBeGreaterThan(0.1);
  });

  it("shows medium in every corner of a tube wider than the view, about as bright as it is", () => {
    const { scan, plan } = makePhantom({ preset: "paper", size: 48, seed: 6, container: "no-air" });
    expect(plan.beyond).toBeGreaterThan(10);
    const mean = (from: number, to: number) => {
      let [sum, count] = [0, 0];
      for (let i = 0; i < 48 * 48; i++) {
        const radius = Math.hypot(Math.floor(i / 48) - 23.5, (i % 48) - 23.5);
        if (radius < from || radius >= to) continue;
        for (let z = 0; z < 48; z += 4) {
          sum += (scan.data[z * 48 * 48 + i]! - SCAN_OFFSET) / SCAN_GAIN;
          count++;
        }
      }
      return sum / count;
    };
    const medium = plan.container.mediumMu;
    expect(mean(18, 22)).toBeGreaterThan(0.8 * medium);
    expect(mean(18, 22)).toBeLessThan(1.3 * medium);
    expect(mean(26, 34)).toBeGreaterThan(0.5 * medium);
  });

  it("streaks and starves around a staple, and nowhere else", () => {
    const request = { preset: "paper", size: 48, seed: 1 } as const;
    const plain = makePhantom(request);
    const { scan, plan, labels } = makePhantom({ ...request, case: "staple" });
    expect(labels.data).toEqual(plain.labels.data);
    const heights = plan.staple!.corners.map(([z]) => z);
    const [lo, hi] = [Math.min(...heights) - 3, Math.max(...heights) + 3];
    const spread = (isMetal: boolean, data: Uint16Array) => {
      const values: number[] = [];
      for (let i = 0; i < data.length; i++) {
        const z = Math.floor(i / 48 ** 2);
        if (z > lo && z < hi === isMetal) values.push(data[i]!);
      }
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
    };
    expect(Math.max(...scan.data)).toBe(65535);
    expect(spread(true, scan.data)).toBeGreaterThan(1.5 * spread(true, plain.scan.data));
    expect(spread(false, scan.data)).toBeLessThan(1.05 * spread(false, plain.scan.data));
  });
});

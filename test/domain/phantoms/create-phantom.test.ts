import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createPhantom } from "../../../domain/phantoms/create-phantom.ts";
import { createPainter, specimenMask } from "../../../domain/phantoms/paint-slice.ts";
import { ORGANS, SCAN_GAIN, SCAN_OFFSET, type Phantom } from "../../../domain/phantoms/phantom.ts";
import type { PhantomRequest } from "../../../domain/phantoms/plan-phantom.ts";
import { PHANTOM_PRESETS, type PhantomPresetName } from "../../../domain/phantoms/presets.ts";

const PRESETS = Object.keys(PHANTOM_PRESETS) as PhantomPresetName[];

function make(request: PhantomRequest): Phantom {
  const steps = createPhantom(request);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

function digest(data: Uint8Array | Uint16Array): string {
  return createHash("sha256").update(data).digest("hex").slice(0, 16);
}

describe("createPhantom", () => {
  it("gives the bytes it always gave", () => {
    const { scan, labels, box } = make({ preset: "demo", size: 32, seed: 1 });
    // Another digest means another PHANTOM_VERSION.
    expect(digest(scan.data)).toBe("1ee47b9f35522fcf");
    expect(digest(labels.data)).toBe("3712a9486de54a32");
    expect(box).toEqual([
      [7, 26],
      [9, 21],
      [11, 27],
    ]);
  });

  it("gives equal bytes for equal requests, others for another seed or preset", () => {
    const request = { preset: "hard", size: 20, seed: 4 } as const;
    const scans = [
      make(request),
      make(request),
      make({ ...request, seed: 5 }),
      make({ ...request, preset: "paper" }),
    ].map(({ scan }) => digest(scan.data));
    expect(scans[1]).toBe(scans[0]);
    expect(new Set(scans).size).toBe(3);
  });

  it("tells how far it is after every slice", () => {
    const fractions = [...createPhantom({ preset: "easy", size: 16, seed: 2 })];
    expect(fractions.map(({ fraction }) => fraction)).toEqual(
      Array.from({ length: 16 }, (_, z) => (z + 1) / 16),
    );
  });

  it.each(PRESETS)("knows the truth of %s: box, mask and labels agree", (preset) => {
    const { scan, specimen, labels, box, specimenVoxels, plan } = make({
      preset,
      size: 48,
      seed: 11,
    });
    const occupied: [Set<number>, Set<number>, Set<number>] = [new Set(), new Set(), new Set()];
    const seen = new Set<number>();
    let voxels = 0;
    let disagreeing = 0;
    for (let i = 0; i < 48 ** 3; i++) {
      if (labels.data[i]! > 0 !== (specimen.data[i] === 1)) disagreeing++;
      if (specimen.data[i] === 0) continue;
      voxels++;
      seen.add(labels.data[i]!);
      occupied[0].add(Math.floor(i / 48 ** 2));
      occupied[1].add(Math.floor(i / 48) % 48);
      occupied[2].add(i % 48);
    }
    expect(disagreeing).toBe(0);
    expect(specimenVoxels).toBe(voxels);
    expect(box).toEqual(occupied.map((s) => [Math.min(...s), Math.max(...s) + 1]));
    for (const organ of ["body", "spine", "eyes", "gut", "brain"] as const) {
      expect(seen, organ).toContain(ORGANS[organ]);
    }
    expect(specimenMask(plan).data).toEqual(specimen.data);
    expect(scan.data.every((grey) => grey > 0 && grey < 65535)).toBe(true);
  });

  it("reconstructs air, medium and tissue as they were painted", () => {
    const { scan, specimen, plan } = make({ preset: "easy", size: 64, seed: 3 });
    const painter = createPainter(plan);
    const exact = new Float32Array(64 * 64);
    const labels = new Uint8Array(64 * 64);
    const sums = { air: [0, 0, 0], medium: [0, 0, 0], tissue: [0, 0, 0] };
    const { axis, outerRadius, innerRadius } = plan.container;
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
});

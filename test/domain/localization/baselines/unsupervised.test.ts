import { describe, expect, it } from "vitest";
import { binScale } from "../../../../domain/localization/baselines/bin-scale.ts";
import { deviationMap, energyMap } from "../../../../domain/localization/baselines/control-maps.ts";
import { fullVolume } from "../../../../domain/localization/baselines/full-volume.ts";
import { greyOtsu } from "../../../../domain/localization/baselines/grey-otsu.ts";
import { harp } from "../../../../domain/localization/baselines/harp.ts";
import { mapOtsu } from "../../../../domain/localization/baselines/map-box.ts";
import { boxMetrics } from "../../../../domain/metrics/box-metrics.ts";
import type { Box } from "../../../../domain/volumes/shape.ts";
import { python } from "../../../support/python.ts";
import { boxScan, plainScan, tubeScanOf } from "./scans.ts";

const SHAPE = [24, 32, 40] as const;
const BOX: Box = [
  [6, 14],
  [10, 22],
  [8, 30],
];
const bright = plainScan(boxScan(SHAPE, BOX, 60), BOX);
const tube = tubeScanOf({ size: 48, seed: 2 });

/** The box of a mask that Python makes, `[z0, z1, y0, …]`. */
const BOX_OF = `
def box_of(m):
    return [int(v) for a in range(3) for k in [np.flatnonzero(m.any(tuple(j for j in range(3) if j != a)))] for v in (k[0], k[-1] + 1)]
def largest(m):
    from skimage.measure import label
    l = label(m, connectivity=m.ndim)
    return l == np.argmax(np.bincount(l.ravel())[1:]) + 1
`;

it("crops nothing as the full volume", () => {
  expect(fullVolume.locate(bright)).toEqual([
    [0, 24],
    [0, 32],
    [0, 40],
  ]);
});

describe("Otsu on grey values", () => {
  it("finds a bright box in noise to the voxel", () => {
    expect(greyOtsu(2).locate(bright)).toEqual(BOX);
  });

  it("has nothing to find in a constant volume", () => {
    const data = new Float32Array(4 ** 3).fill(3);
    const flat = plainScan({ shape: [4, 4, 4], data }, [[0, 4], [0, 4], [0, 4]]); // prettier-ignore
    for (const baseline of [greyOtsu(2), greyOtsu(3), harp, binScale]) {
      expect(baseline.locate(flat)).toBeUndefined();
    }
  });

  it.each([2, 3] as const)("is scikit-image's box of the largest piece (%i classes)", (classes) => {
    const expected = python<number[]>(
      `${BOX_OF}
from skimage.filters import threshold_multiotsu
out = box_of(largest(level > threshold_multiotsu(level, int(classes))[-1]))`,
      { level: tube.level, classes },
    );
    expect(greyOtsu(classes).locate(tube)!.flat()).toEqual(expected);
  });
});

describe("HARP", () => {
  it("crops y and x with padding and leaves z as it is", () => {
    // 4 % of the mean of 32 and 40 are 1.44 voxels.
    expect(harp.locate(bright)).toEqual([
      [0, 24],
      [9, 23],
      [7, 31],
    ]);
  });

  it("is the same as by scikit-image, and sees the tube's wall instead of the specimen", () => {
    const expected = python<number[]>(
      `${BOX_OF}
from skimage.filters import threshold_otsu
p = level.max(0).astype(float)
m = largest(p > threshold_otsu(p, nbins=128))
b = box_of(m[None]); pad = int(np.mean(p.shape) * .04)
out = [0, level.shape[0], max(0, b[2] - pad), min(p.shape[0], b[3] + pad), max(0, b[4] - pad), min(p.shape[1], b[5] + pad)]`,
      { level: tube.level },
    );
    const found = harp.locate(tube)!;
    expect(found.flat()).toEqual(expected);
    expect(boxMetrics(found, tube.truth, tube.level.shape).kept).toBeGreaterThan(0.6);
  });
});

describe("BinScale", () => {
  it("is the box of entropy, k-means, hull and dilation by scikit-image", () => {
    // Textured inside, flat outside: what entropy is for.
    const textured = plainScan(boxScan(SHAPE, BOX, 0, { noise: 0 }), BOX);
    const data = textured.level.data.map((v, i) => {
      const at = [Math.floor(i / 1280), Math.floor(i / 40) % 32, i % 40];
      const inside = BOX.every(([lo, hi], axis) => at[axis]! >= lo && at[axis]! < hi);
      return inside ? v + ((i * 7919) % 101) : v + ((i * 31) % 2);
    }) as Float32Array;
    const scan = { ...textured, level: { shape: SHAPE, data } };
    const expected = python<number[]>(
      `${BOX_OF}
from skimage.filters.rank import entropy
from skimage.morphology import disk, ball, binary_dilation, convex_hull_image
from scipy.cluster.vq import kmeans2
lo, hi = np.percentile(level, [.05, 99.95])
u = np.clip((level.astype(float) - lo) * (255 / (hi - lo)), 0, 255).astype(np.uint8)
e = np.stack([entropy(s, disk(2)) for s in u])
z, y, x = e.shape
d = e.reshape(z // 2, 2, y // 2, 2, x // 2, 2).mean((1, 3, 5))
v = d[d != 0]
best = min((kmeans2(v[:, None], 3, minit="points", seed=s, iter=100) for s in range(30)), key=lambda r: ((v[:, None] - r[0][r[1]]) ** 2).sum())
c = np.sort(best[0].ravel())
m = convex_hull_image(largest(d > (c[1] + c[2]) / 2))
out = [2 * v for v in box_of(binary_dilation(m, ball(2)))]`,
      { level: scan.level },
    );
    expect(binScale.locate(scan)!.flat()).toEqual(expected);
  });
});

describe("local energy and deviation", () => {
  it.each([
    ["energy", energyMap, "g(g(v, .7) ** 2 * ok, 20 / 6 * scale)"],
    [
      "deviation",
      deviationMap,
      "np.sqrt(np.maximum(0, g(v * v, 2.5 * scale) - g(v, 2.5 * scale) ** 2))",
    ],
  ] as const)("are what scipy makes of the view (%s)", (_, map, formula) => {
    const { values, valid } = tube.view;
    const found = map(tube.view);
    const expected = python<number[]>(
      `from scipy.ndimage import gaussian_filter as g
v = values.astype(float); ok = valid; scale = 24 / 64
out = ${formula}`,
      { values, valid },
    );
    found.data.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 3));
  });

  it.each([
    ["energy", energyMap],
    ["deviation", deviationMap],
  ] as const)("find the specimen in a tube where grey values do not (%s)", (name, map) => {
    const scan = tubeScanOf({ size: 64, seed: 3 });
    const box = mapOtsu(name, map).locate(scan)!;
    const error = (found: Box) => boxMetrics(found, scan.truth, scan.level.shape).maePx;
    expect(error(box)).toBeLessThan(5);
    expect(error(box)).toBeLessThan(0.5 * error(greyOtsu(2).locate(scan)!));
  });

  it("place their boxes at level 0", () => {
    const scan = tubeScanOf({ size: 48, seed: 2 });
    const coarse = { ...scan, place: { level: 1, shape0: [96, 96, 96] as const } };
    const baseline = mapOtsu("energy", energyMap);
    const twice = baseline.locate(scan)!.map(([lo, hi]) => [2 * lo, 2 * hi]);
    expect(baseline.locate(coarse)).toEqual(twice);
  });
});

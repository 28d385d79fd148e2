import { beforeAll, describe, expect, it } from "vitest";
import { drain } from "../../../domain/localization/drain.ts";
import { localizeFromSuperpixels } from "../../../domain/localization/from-superpixels.ts";
import {
  scoreSuperpixels,
  type ScoreSuperpixelsOptions,
  type SuperpixelMap,
} from "../../../domain/localization/score-superpixels.ts";
import type { View } from "../../../domain/localization/view.ts";
import { createSortingNetwork } from "../../../domain/pretexts/pretext-network.ts";
import { createRandom } from "../../../domain/random.ts";
import { useTensorFlow } from "../../support/tensorflow.ts";

beforeAll(useTensorFlow);

const shape = [10, 48, 80] as const;

/** Nothing but a textured block at (y, x) = (8–24, 48–72), in slices 3 to 6. */
function view(): View {
  const random = createRandom(1, "block");
  const data = new Float32Array(10 * 48 * 80);
  for (let z = 3; z < 7; z++) {
    for (let y = 8; y < 24; y++) {
      for (let x = 48; x < 72; x++) data[(z * 48 + y) * 80 + x] = 3 * random.normal();
    }
  }
  return {
    values: { shape, data },
    valid: { shape, data: new Uint8Array(data.length).fill(1) },
    bin: 2,
  };
}

async function score(options: Partial<ScoreSuperpixelsOptions>): Promise<SuperpixelMap> {
  const config = { pretext: "sorting", encoder: "resnet18", width: 4 } as const;
  const network = createSortingNetwork(config, 1);
  try {
    return await drain(
      scoreSuperpixels(network, view(), { imageSize: 160, passes: 4, ...options }),
    );
  } finally {
    network.dispose();
  }
}

describe("the variance of superpixels", () => {
  it("is nothing where no channel is dropped, and the same for the same seed", async () => {
    const still = await score({ dropouts: [] });
    expect(still.values.shape).toEqual([10, 5, 5]);
    expect(still.values.data.every((v) => v === 0)).toBe(true);
    const [first, second, other] = [await score({}), await score({}), await score({ seed: 1 })];
    expect(second.values.data).toEqual(first.values.data);
    expect(other.values.data).not.toEqual(first.values.data);
  });

  it.each(["embedding", "score"] as const)(
    "is highest where there is something (%s)",
    async (map) => {
      const { values, origin, step } = await score({ map, passes: 16 });
      const best = values.data.indexOf(Math.max(...values.data));
      const cell = [Math.floor(best / 25), Math.floor(best / 5) % 5, best % 5];
      const at = cell.map((i, axis) => origin[axis]! + step[axis]! * i);
      // A superpixel is 16 voxels of the view wide here, and sees as much around it.
      expect(at[0]).toBeGreaterThanOrEqual(3);
      expect(at[0]).toBeLessThan(7);
      expect(Math.abs(at[1]! - 15.5)).toBeLessThanOrEqual(16);
      expect(Math.abs(at[2]! - 59.5)).toBeLessThanOrEqual(16);
    },
  );

  it("may skip slices, and lies where the slices are", async () => {
    const every = await score({});
    const third = await score({ stride: 3 });
    expect(third.values.shape).toEqual([4, 5, 5]);
    expect(third.step).toEqual([3, 16, 16]);
    // 160 pixels over 80 columns, all of them: the first superpixel's middle is 7.5; rows have a rim.
    expect(every.origin).toEqual([0, -8.5, 7.5]);
  });

  it("needs two passes", async () => {
    await expect(score({ passes: 1 })).rejects.toThrow(/2 passes or more, got 1/);
  });
});

describe("the box of superpixels", () => {
  const place = { level: 0, shape0: [20, 96, 160] as const };
  /** Three superpixels of 16 voxels that vary, two of them together; one elsewhere varies most. */
  const map: SuperpixelMap = {
    values: { shape: [10, 3, 5], data: new Float32Array(150) },
    origin: [0, 7.5, 7.5],
    step: [1, 16, 16],
  };
  for (let z = 2; z < 6; z++) {
    map.values.data[z * 15 + 1 * 5 + 2] = 1;
    map.values.data[z * 15 + 1 * 5 + 3] = 1;
  }
  map.values.data[9 * 15 + 0] = 5;

  it("covers the largest region of those that vary most, to the superpixel", () => {
    const { box } = localizeFromSuperpixels(map, view(), place, { rule: "top", fraction: 9 / 150 });
    expect(box).toEqual([
      [4, 12],
      [32, 64],
      [64, 128],
    ]);
  });

  it("lies within a superpixel of it when interpolated, and is none for one value", () => {
    const calm = {
      ...map,
      values: { ...map.values, data: map.values.data.map((v) => Math.min(v, 1)) },
    };
    const { box } = localizeFromSuperpixels(calm, view(), place);
    expect(box![1][0]).toBeGreaterThanOrEqual(16);
    expect(box![1][1]).toBeLessThanOrEqual(80);
    expect(box![2][0]).toBeGreaterThanOrEqual(48);
    expect(box![2][1]).toBeLessThanOrEqual(144);
    const flat = { ...map, values: { ...map.values, data: new Float32Array(150).fill(2) } };
    expect(localizeFromSuperpixels(flat, view(), place).box).toBeUndefined();
  });
});

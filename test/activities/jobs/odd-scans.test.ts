import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readDocument } from "../../../activities/stage/documents.ts";
import { readLevel } from "../../../activities/volumes/read-box.ts";
import { growBox } from "../../../domain/volumes/box.ts";
import { type Box, voxelCount } from "../../../domain/volumes/shape.ts";
import { keys } from "../../../schemas/names.ts";
import type { PreparedScan } from "../../../schemas/stages.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { asActivity } from "../stage/fake-stage.ts";
import { analyse } from "./analyse.ts";
import { inProcess } from "./in-process.ts";
import { blobScan, cut, niftiBytes, withTiffs, writeTiffs } from "./write-scan.ts";

const SIDE = 48;
const { grid } = blobScan(SIDE);

describe("a box by hand", () => {
  let world: Awaited<ReturnType<typeof inProcess>>;
  let prepared: PreparedScan;
  beforeAll(async () => {
    await withTiffs(grid, async (folder) => {
      world = await inProcess({ scans: [{ id: "A", source: folder }] });
      prepared = await world.prepare("A");
    });
  });

  it("is what is kept, without a margin", async () => {
    const box: Box = [[0, 5], [47, 48], [3, 40]]; // prettier-ignore
    const { decided, cropped } = await analyse(world, prepared, box);
    expect(decided.result).toMatchObject({ box, confidence: 1, candidates: { hand: box } });
    const stored = await readLevel(world.store, keys.crop(cropped!.result.crop), 0);
    expect(stored.data).toEqual(cut(grid, box));
  });

  it.each([
    [
      [
        [0, 49],
        [0, 48],
        [0, 48],
      ],
      "z",
    ],
    [
      [
        [0, 48],
        [7, 7],
        [0, 48],
      ],
      "y",
    ],
    [
      [
        [0, 48],
        [0, 48],
        [9, 3],
      ],
      "x",
    ],
  ] as [Box, string][])("that is no box of this volume is refused: %j", async (box, axis) => {
    await expect(analyse(world, prepared, box)).rejects.toMatchObject({
      type: "InvalidInput",
      nonRetryable: true,
      message: expect.stringContaining(`along ${axis}, expected 0 ≤ low < high ≤ 48`) as string,
    });
  });
});

it("a margin stops at the border of the volume", async () => {
  const folder = await temporaryFolder();
  await writeTiffs(folder, grid);
  const world = await inProcess({ scans: [{ id: "A", source: folder }] });
  const { volume } = await world.prepare("A");
  // 4 % of 48 voxels is 2.
  const { result } = await asActivity(() =>
    world.activities.crop({
      batch: "b",
      scan: "A",
      volume,
      box: [[1, 20], [30, 48], [10, 47]], // prettier-ignore
      margin: [[2, 2], [2, 2], [2, 2]], // prettier-ignore
      confidence: 1,
      reconcile: "a".repeat(64),
    }),
  );
  const region: Box = [[0, 22], [28, 48], [8, 48]]; // prettier-ignore
  expect(result.shape).toEqual([22, 20, 40]);
  expect(await readDocument(world.store, keys.cropRecord(result.crop))).toMatchObject({ region });
  expect((await readLevel(world.store, keys.crop(result.crop), 0)).data).toEqual(cut(grid, region));
});

it("the same crop by another decision has a record of its own", async () => {
  const folder = await temporaryFolder();
  await writeTiffs(folder, grid);
  const world = await inProcess({ scans: [{ id: "A", source: folder }] });
  const { volume } = await world.prepare("A");
  const crop = (reconcile: string, confidence: number) =>
    asActivity(() =>
      world.activities.crop({
        batch: "b",
        scan: "A",
        volume,
        box: [[1, 4], [1, 4], [1, 4]], // prettier-ignore
        margin: [[0, 0], [0, 0], [0, 0]], // prettier-ignore
        confidence,
        reconcile,
      }),
    );
  const [first, second] = [await crop("a".repeat(64), 0.4), await crop("b".repeat(64), 0.8)];
  for (const [{ result }, confidence] of [
    [first, 0.4],
    [second, 0.8],
  ] as const) {
    const record = await readDocument(world.store, keys.cropRecord(result.crop));
    expect(record).toMatchObject({ confidence });
  }
});

it("a NIfTI scan goes the same way, with signed voxels and its own voxel size", async () => {
  const folder = await temporaryFolder();
  const signed = { ...grid, data: Int16Array.from(grid.data, (v) => v - 12_000) };
  const path = join(folder, "fish.nii");
  await writeFile(path, niftiBytes(signed, [0.02, 0.01, 0.005]));
  const world = await inProcess({ scans: [{ source: path }], downscale: { targetSize: 48 } });
  const prepared = await world.prepare("fish");
  expect(prepared.volume.dtype).toBe("int16");
  [20, 10, 5].forEach((um, axis) => expect(prepared.volume.voxelSizeUm[axis]).toBeCloseTo(um, 4));
  const { decided, cropped } = await analyse(world, prepared);
  const region = growBox(decided.result.box!, decided.result.margin!, prepared.volume.shape);
  const stored = await readLevel(world.store, keys.crop(cropped!.result.crop), 0);
  expect(stored.data).toEqual(Int16Array.from(cut(grid, region), (v) => v - 12_000));
});

it("a scan in which there is nothing is kept whole, and says why", async () => {
  const folder = await temporaryFolder();
  const flat = { ...grid, data: grid.data.map((_, i) => 500 + ((i * 7919) % 13)) };
  await writeTiffs(folder, flat);
  const world = await inProcess({ scans: [{ id: "A", source: folder }] });
  const { decided, cropped } = await analyse(world, await world.prepare("A"));
  expect(decided.result).toMatchObject({ outcome: "kept-whole", confidence: 0 });
  expect(decided.result.box).toBeUndefined();
  expect(decided.result.reasons.at(-1)).toMatch(/No specimen found/);
  expect(cropped).toBeUndefined();
});

it("a box that is less certain than is asked for is not cut", async () => {
  const folder = await temporaryFolder();
  await writeTiffs(folder, grid);
  const scans = [{ id: "A", source: folder }];
  const world = await inProcess({ scans, localize: { minConfidence: 1 } });
  const { decided } = await analyse(world, await world.prepare("A"));
  expect(decided.result.outcome).toBe("kept-whole");
  expect(decided.result.reasons.at(-1)).toMatch(/below localize.minConfidence 1$/);
  // What was found is still shown.
  expect(decided.result.candidates["energy"]).toBeDefined();
});

it.each([
  ["one voxel", [1, 1, 1]],
  ["one slice", [1, 40, 40]],
  ["one column", [40, 1, 1]],
] as const)("a scan of %s comes through without a crash", async (_what, shape) => {
  const folder = await temporaryFolder();
  const data = Uint16Array.from({ length: voxelCount(shape) }, (_, i) => (i * 31) % 97);
  await writeFile(join(folder, "odd.nii"), niftiBytes({ shape, data }, [1, 1, 1]));
  const world = await inProcess({ scans: [{ source: join(folder, "odd.nii") }] });
  const { decided } = await analyse(world, await world.prepare("odd"));
  expect(["cropped", "kept-whole"]).toContain(decided.result.outcome);
});

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { ObjectStore } from "../../../activities/deps.ts";
import { contentKey, sha256 } from "../../../activities/stage/content-key.ts";
import { readDocument } from "../../../activities/stage/documents.ts";
import { readView } from "../../../activities/stage/view-store.ts";
import { readLevel } from "../../../activities/volumes/read-box.ts";
import { volumeInfo } from "../../../activities/volumes/volume-info.ts";
import { boxShape, boxVolume, growBox, hullBox } from "../../../domain/volumes/box.ts";
import { type Box, type Grid, voxelCount } from "../../../domain/volumes/shape.ts";
import type { Manifest } from "../../../schemas/manifest.ts";
import { keys } from "../../../schemas/names.ts";
import type {
  CropInput,
  CropResult,
  PreparedScan,
  ReconcileResult,
} from "../../../schemas/stages.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { asActivity } from "../stage/fake-stage.ts";
import { listAll } from "../stores/conformance.ts";
import { inProcess } from "./in-process.ts";
import { blobScan, niftiBytes, withTiffs, writeTiffs } from "./write-scan.ts";

const SIDE = 48;
const { grid, box: truth } = blobScan(SIDE);
const mutable = (box: Box) => structuredClone(box) as unknown as CropInput["box"];

/** The voxels of a box, by the definition of the layout. */
function cut({ shape, data }: Grid, [z, y, x]: Box): Uint16Array {
  const out: number[] = [];
  for (let i = z[0]; i < z[1]; i++) {
    for (let j = y[0]; j < y[1]; j++) {
      for (let k = x[0]; k < x[1]; k++) out.push(data[(i * shape[1] + j) * shape[2] + k]!);
    }
  }
  return Uint16Array.from(out);
}

async function manifests(store: ObjectStore): Promise<Manifest[]> {
  const found = await listAll(store, "stages/");
  const names = found.map(({ key }) => key).filter((key) => key.endsWith("/manifest.json"));
  return Promise.all(names.map((name) => readDocument<Manifest>(store, name)));
}

/** Reconcile by energy and crop, as `analyseScan` does without an encoder. */
async function analyse(
  { activities, spec }: Awaited<ReturnType<typeof inProcess>>,
  prepared: PreparedScan,
  byHand?: Box,
) {
  return asActivity(async () => {
    const about = { batch: "b", scan: prepared.scan };
    const decided = await activities.reconcile({
      ...about,
      spec,
      prepared,
      profiles: [],
      fallback: "Only 1 of at least 4 scans",
      ...(byHand === undefined ? {} : { byHand: mutable(byHand) }),
    });
    const { box, margin, confidence } = decided.result;
    if (box === undefined || margin === undefined) return { decided };
    const cropped = await activities.crop({
      ...about,
      volume: prepared.volume,
      box: mutable(box),
      margin: mutable(margin),
      confidence,
      reconcile: decided.key,
    });
    return { decided, cropped };
  });
}

describe("a scan of TIFF slices, from its files to its crop", () => {
  let world: Awaited<ReturnType<typeof inProcess>>;
  let prepared: PreparedScan;
  let decision: ReconcileResult;
  let decidedKey: string;
  let crop: CropResult;

  beforeAll(async () => {
    await withTiffs(grid, async (folder) => {
      world = await inProcess({
        scans: [{ id: "A", source: folder, metadata: { beamtime: 7 } }],
        downscale: { targetSize: 48 },
      });
      prepared = await world.prepare("A");
    });
    const { decided, cropped } = await analyse(world, prepared);
    decision = decided.result;
    decidedKey = decided.key;
    crop = cropped!.result;
  });

  it("is in the store voxel by voxel, with its voxel size and its metadata", async () => {
    expect(prepared.volume).toMatchObject({ shape: [SIDE, SIDE, SIDE], dtype: "uint16" });
    const prefix = keys.volume(prepared.volume.digest);
    expect((await readLevel(world.store, prefix, 0)).data).toEqual(grid.data);
    const info = await volumeInfo(world.store, prefix);
    expect(info).toMatchObject({ name: "A", metadata: { beamtime: 7 }, downsampling: "mean" });
    expect(info.voxelSizeUm.slice(1)).toEqual([5, 5]);
    expect(info.shapes).toEqual(prepared.shapes);
    expect(info.origin).toMatchObject({ format: "tiff-slices" });
  });

  it("has a view at the working level, half as fine", async () => {
    expect(prepared.view).toMatchObject({ level: 0, bin: 2, shape: [24, 24, 24] });
    const view = await readView(world.store, prepared.view);
    expect(view.values.shape).toEqual([24, 24, 24]);
    expect(prepared.view.container).toMatch(/^none: ./);
  });

  it("is boxed by its energy, nowhere short of the specimen", () => {
    expect(decision).toMatchObject({ outcome: "cropped", touchesBorder: false });
    expect(decision.confidence).toBeGreaterThan(0.25);
    expect(hullBox(decision.box!, truth)).toEqual(decision.box);
    // Its blur is about two voxels of the view, four of the scan.
    decision.box!.forEach((interval, axis) =>
      interval.forEach((at, side) => expect(Math.abs(at - truth[axis]![side]!)).toBeLessThan(7)),
    );
    // 4 % of 48, rounded up.
    expect(decision.margin).toEqual([[2, 2], [2, 2], [2, 2]]); // prettier-ignore
    expect(decision.reasons[0]).toBe("Only 1 of at least 4 scans");
    expect(decision.candidates["energy"]).toEqual(decision.box);
  });

  it("is cropped exactly: every voxel of box and margin, and nothing else", async () => {
    const region = growBox(decision.box!, decision.margin!, prepared.volume.shape);
    const stored = await readLevel(world.store, keys.crop(crop.crop), 0);
    expect(stored.shape).toEqual(boxShape(region));
    expect(stored.data).toEqual(cut(grid, region));
    expect(crop.shape).toEqual(stored.shape);
    expect(crop.keptFraction).toBeCloseTo(boxVolume(region) / voxelCount(grid.shape), 12);
  });

  it("has a record beside the crop that says where it was cut, and by which decision", async () => {
    const record = await readDocument(world.store, keys.cropRecord(crop.crop));
    expect(record).toEqual({
      box: decision.box,
      margin: decision.margin,
      region: growBox(decision.box!, decision.margin!, prepared.volume.shape),
      source: { volume: prepared.volume.digest, shape: [SIDE, SIDE, SIDE], dtype: "uint16" },
      shell: "kept",
      confidence: decision.confidence,
      reconcile: decidedKey,
      encoder: null,
    });
    const info = await volumeInfo(world.store, keys.crop(crop.crop));
    expect(info.record).toEqual(record);
    expect(info.metadata).toEqual({ beamtime: 7 });
    expect(info.voxelSizeUm.slice(1)).toEqual([5, 5]);
  });

  it("counts the crop's bytes as they lie in the store", async () => {
    const all = await listAll(world.store, `${keys.crop(crop.crop)}/`);
    expect(crop.objects).toBe(all.length);
    expect(crop.bytes).toBe(all.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(crop.level0Bytes).toBe(
      all
        .filter(({ key }) => key.startsWith(`${keys.crop(crop.crop)}/0/`))
        .reduce((sum, { bytes }) => sum + bytes, 0),
    );
  });

  it("has one manifest per stage, each named by its parts, whose objects are all there", async () => {
    const all = await manifests(world.store);
    expect(all.map(({ stage }) => stage).sort()).toEqual([
      "crop",
      "downscale",
      "ingest",
      "reconcile",
      "suppress",
    ]);
    const promised = new Set<string>();
    for (const { key, parts, outputs } of all) {
      expect(contentKey(parts)).toBe(key);
      for (const output of outputs) {
        const bytes = await world.store.get(output.key);
        expect(bytes?.length, output.key).toBe(output.bytes);
        expect(sha256(bytes!), output.key).toBe(output.sha256);
        promised.add(output.key);
      }
    }
    // And nothing lies about that no manifest speaks of.
    const stray = (await listAll(world.store, ""))
      .map(({ key }) => key)
      .filter((key) => !promised.has(key) && !key.endsWith("/manifest.json") && key !== world.spec);
    expect(stray).toEqual([]);
  });

  it("is not computed again, by whichever name and folder it comes", async () => {
    const moved = await temporaryFolder();
    await writeTiffs(join(moved, "elsewhere"), grid);
    const again = await inProcess(
      { scans: [{ id: "B", source: join(moved, "elsewhere") }], downscale: { targetSize: 48 } },
      { store: world.store },
    );
    const before = await listAll(world.store, "");
    const result = await asActivity(() =>
      again.activities.ingest({ batch: "b", scan: "B", spec: again.spec }),
    );
    expect(result).toMatchObject({ reused: true, result: prepared.volume });
    expect((await listAll(world.store, "")).map(({ key }) => key)).toEqual(
      before.map(({ key }) => key),
    );
  });

  it("gives the same bytes in another store, to the last object", async () => {
    const folder = await temporaryFolder();
    await writeTiffs(folder, grid);
    const other = await inProcess({
      scans: [{ id: "A", source: folder, metadata: { beamtime: 7 } }],
      downscale: { targetSize: 48 },
    });
    await analyse(other, await other.prepare("A"));
    const contents = async (store: ObjectStore) => {
      const found = await listAll(store, "");
      const kept = found.map(({ key }) => key).filter((key) => !/manifest\.json$|^spec/.test(key));
      return Promise.all(kept.map(async (key) => [key, sha256((await store.get(key))!)]));
    };
    expect(await contents(other.store)).toEqual(await contents(world.store));
  });
});

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

import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { ObjectStore } from "../../../activities/deps.ts";
import { contentKey, sha256 } from "../../../activities/stage/content-key.ts";
import { readDocument } from "../../../activities/stage/documents.ts";
import { readView } from "../../../activities/stage/view-store.ts";
import { readLevel } from "../../../activities/volumes/read-box.ts";
import { volumeInfo } from "../../../activities/volumes/volume-info.ts";
import { backgroundStatistics } from "../../../domain/volumes/background.ts";
import { boxShape, boxVolume, growBox, hullBox } from "../../../domain/volumes/box.ts";
import { voxelCount } from "../../../domain/volumes/shape.ts";
import type { Manifest } from "../../../schemas/manifest.ts";
import { keys } from "../../../schemas/names.ts";
import type { CropResult, PreparedScan, ReconcileResult } from "../../../schemas/stages.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { asActivity } from "../stage/fake-stage.ts";
import { listAll } from "../stores/conformance.ts";
import { analyse } from "./analyse.ts";
import { inProcess } from "./in-process.ts";
import { blobScan, cut, withTiffs, writeTiffs } from "./write-scan.ts";

const SIDE = 48;
const { grid, box: truth } = blobScan(SIDE);

async function manifests(store: ObjectStore): Promise<Manifest[]> {
  const found = await listAll(store, "stages/");
  const names = found.map(({ key }) => key).filter((key) => key.endsWith("/manifest.json"));
  return Promise.all(names.map((name) => readDocument<Manifest>(store, name)));
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
    const region = growBox(decision.box!, decision.margin!, prepared.volume.shape);
    const ingested = (await manifests(world.store)).find(({ stage }) => stage === "ingest")!;
    expect(record).toEqual({
      format: 1,
      scan: "A",
      box: decision.box,
      margin: decision.margin,
      region,
      source: {
        volume: prepared.volume.digest,
        shape: [SIDE, SIDE, SIDE],
        dtype: "uint16",
        voxelSizeUm: prepared.volume.voxelSizeUm,
        sourceDigest: ingested.parts.inputs["source"],
      },
      shell: { kept: "volume", at: keys.volume(prepared.volume.digest) },
      background: { ...backgroundStatistics(grid, region), level: 0 },
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

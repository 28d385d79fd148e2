import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDirectoryStore } from "../../../activities/stores/directory-store.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { createMinioStore, ensureBucket } from "../../../activities/stores/minio-store.ts";
import { readBox, readLevel } from "../../../activities/volumes/read-box.ts";
import { streamPlanes } from "../../../activities/volumes/stream-planes.ts";
import { volumeInfo } from "../../../activities/volumes/volume-info.ts";
import { createVolumeWriter } from "../../../activities/volumes/volume-writer.ts";
import { writePyramid } from "../../../activities/volumes/write-pyramid.ts";
import { parseShardIndex, shardIndexBytes } from "../../../activities/volumes/shard.ts";
import { createPyramidWriter } from "../../../activities/volumes/pyramid-writer.ts";
import type { ObjectStore } from "../../../activities/deps.ts";
import { StoreUnavailable } from "../../../domain/errors.ts";
import type { ArrayLayout } from "../../../domain/volumes/array-metadata.ts";
import type { Box, Dtype, Grid, Zyx } from "../../../domain/volumes/shape.ts";
import { startTestMinio } from "../../support/minio.ts";
import { randomVoxels, writeLevel0, writeVolume } from "../../support/random-volume.ts";
import { runPython } from "../../support/run-python.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { listAll } from "../stores/conformance.ts";

const P = "volumes/x.zarr";
const DTYPES: readonly Dtype[] = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"];

/** `toEqual` takes seconds for a million voxels. */
function expectSame(found: Grid, expected: Grid): void {
  expect(found.shape).toEqual(expected.shape);
  expect(found.data.constructor).toBe(expected.data.constructor);
  const bytes = ({ data }: Grid) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  expect(Buffer.compare(bytes(found), bytes(expected))).toBe(0);
}

/** The box of a grid, by the definition of the layout. */
function cut({ shape, data }: Grid, box: Box): number[] {
  const out: number[] = [];
  for (let z = box[0][0]; z < box[0][1]; z++) {
    for (let y = box[1][0]; y < box[1][1]; y++) {
      for (let x = box[2][0]; x < box[2][1]; x++)
        out.push(data[(z * shape[1] + y) * shape[2] + x]!);
    }
  }
  return out;
}

it("is the same whether planes are copied or put in place, ahead of their turn", async () => {
  const { shape, data } = randomVoxels([150, 40, 33], "uint16");
  const area = shape[1] * shape[2];
  const plane = (z: number) => data.slice(z * area, (z + 1) * area) as Uint16Array<ArrayBuffer>;
  const outputs: unknown[] = [];
  for (const ahead of [0, 1, 5]) {
    const store = createMemoryStore();
    const writer = createPyramidWriter(store, P, { shape, dtype: "uint16", mode: "mean" });
    const coming: Uint16Array[] = [];
    let placed = 0;
    for (let z = 0, next = 0; z < shape[0]; z++) {
      for (; next < shape[0] && next < z + ahead; next++) {
        const place = next % 7 === 3 ? undefined : writer.place(next);
        if (place !== undefined) {
          placed++;
          expect(place).toHaveLength(2 * area);
          coming[next] = new Uint16Array(place.buffer, place.byteOffset, area);
          coming[next]!.set(plane(next));
        } else coming[next] = plane(next);
      }
      await writer.writePlane((coming[z] as Uint16Array<ArrayBuffer> | undefined) ?? plane(z));
    }
    expect(placed).toBeGreaterThanOrEqual(ahead === 0 ? 0 : 100);
    outputs.push((await writer.close()).levels);
    expectSame(await readLevel(store, P, 0), { shape, data });
  }
  expect(outputs[1]).toEqual(outputs[0]);
  expect(outputs[2]).toEqual(outputs[0]);
});

describe("a level", () => {
  it.each(DTYPES)("comes back as it was written, %s", async (dtype) => {
    const store = createMemoryStore();
    const grid = randomVoxels([70, 33, 65], dtype);
    await writeLevel0(store, P, grid, dtype);
    expectSame(await readLevel(store, P, 0), grid);
  });

  it.each([
    [[1, 1, 1], undefined],
    [[64, 64, 64], undefined],
    [[1, 130, 2], undefined],
    [[9, 10, 11], { chunk: [4, 3, 5], shard: [4, 6, 10] }],
    [[129, 5, 64], undefined],
    [[2, 600, 1100], undefined],
  ] as [Zyx, ArrayLayout | undefined][])("of shape %j in %j is whole", async (shape, layout) => {
    const store = createMemoryStore();
    const grid = randomVoxels(shape, "uint16", 3);
    await writeLevel0(store, P, grid, "uint16", layout);
    expectSame(await readLevel(store, P, 0), grid);
  });

  it.each<ArrayLayout>([
    { chunk: [8, 8, 8], shard: [8, 8, 8] },
    { chunk: [8, 8, 8], shard: [8, 16, 24] },
    { chunk: [2, 2, 2], shard: [2, 20, 18] },
  ])("gives any box of it, across chunks and at every border, in %j", async (layout) => {
    const store = createMemoryStore();
    const grid = randomVoxels([21, 19, 17], "int16");
    await writeLevel0(store, P, grid, "int16", layout);
    const boxes: Box[] = [
      [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
      [
        [20, 21],
        [18, 19],
        [16, 17],
      ],
      [
        [7, 9],
        [7, 9],
        [7, 9],
      ],
      [
        [3, 21],
        [0, 19],
        [5, 6],
      ],
      [
        [8, 16],
        [8, 16],
        [8, 16],
      ],
      [
        [0, 21],
        [0, 19],
        [0, 17],
      ],
    ];
    for (const box of boxes) {
      const part = await readBox(store, P, 0, box);
      expect([...part.data], JSON.stringify(box)).toEqual(cut(grid, box));
      const planes: number[] = [];
      for await (const plane of streamPlanes(store, P, 0, box)) planes.push(...plane);
      expect(planes, JSON.stringify(box)).toEqual(cut(grid, box));
    }
  });

  it.each([
    [
      [
        [0, 22],
        [0, 1],
        [0, 1],
      ],
      /expected z of the box within \[0, 21\], got \[0, 22\]/,
    ],
    [
      [
        [0, 1],
        [-1, 1],
        [0, 1],
      ],
      /expected y/,
    ],
    [
      [
        [0, 1],
        [0, 1],
        [3, 3],
      ],
      /expected x/,
    ],
    [
      [
        [0, 1],
        [0, 1],
        [0, 1.5],
      ],
      /expected x/,
    ],
    [
      [
        [0, 1],
        [0, NaN],
        [0, 1],
      ],
      /expected y/,
    ],
  ] as [Box, RegExp][])("refuses the box %j", async (box, message) => {
    const store = createMemoryStore();
    await writeLevel0(store, P, randomVoxels([21, 19, 17], "uint8"), "uint8");
    const failure = { name: "InvalidInput", message: expect.stringMatching(message) as string };
    await expect(readBox(store, P, 0, box)).rejects.toMatchObject(failure);
    await expect(streamPlanes(store, P, 0, box).next()).rejects.toMatchObject(failure);
  });

  it("says what it stored, digests included", async () => {
    const store = createMemoryStore();
    const outputs = await writeLevel0(
      store,
      P,
      { shape: [2, 1, 2], data: Uint8Array.of(0, 4, 1, 3) },
      "uint8",
    );
    expect(outputs.map(({ key }) => key)).toEqual([`${P}/0/c/0/0/0`, `${P}/0/zarr.json`]);
    const { createHash } = await import("node:crypto");
    for (const { key, bytes, sha256 } of outputs) {
      const stored = (await store.get(key))!;
      expect(stored.length).toBe(bytes);
      expect(createHash("sha256").update(stored).digest("hex")).toBe(sha256);
    }
    expect((await listAll(store, "")).map(({ key }) => key)).toEqual(outputs.map(({ key }) => key));
  });

  it("stores no chunk or shard of zeros, and the same bytes every time", async () => {
    const grid = randomVoxels([16, 16, 16], "uint16");
    grid.data.fill(0, 0, 8 * 256);
    for (let i = 0; i < grid.data.length; i++) if ((i >> 4) % 16 < 8) grid.data[i] = 0;
    const write = async (store = createMemoryStore()) =>
      writeLevel0(store, P, grid, "uint16", { chunk: [8, 8, 8], shard: [8, 16, 16] });
    const store = createMemoryStore();
    const first = await write(store);
    expect(first.map(({ key }) => key)).toEqual([`${P}/0/c/1/0/0`, `${P}/0/zarr.json`]);
    const shard = (await store.get(`${P}/0/c/1/0/0`))!;
    const index = parseShardIndex(shard.subarray(-shardIndexBytes(4)), 4, "it", shard.length);
    expect(index.map((entry) => entry !== undefined)).toEqual([false, false, true, true]);
    expect(await write()).toEqual(first);
  });

  it("is not there until it is closed, and cannot be closed too early", async () => {
    const store = createMemoryStore();
    const writer = createVolumeWriter(store, `${P}/0`, { shape: [2, 2, 2], dtype: "uint8" });
    await writer.writePlane(new Uint8Array(4));
    await expect(writer.close()).rejects.toMatchObject({
      name: "CorruptData",
      message: `${P}/0 got 1 planes, expected 2`,
    });
    await expect(readLevel(store, P, 0)).rejects.toMatchObject({ name: "NotFound" });
    await expect(writer.writePlane(new Uint8Array(5))).rejects.toMatchObject({
      name: "CorruptData",
    });
    await expect(writer.writePlane(new Uint16Array(4))).rejects.toMatchObject({
      name: "CorruptData",
    });
    await writer.writePlane(new Uint8Array(4));
    await expect(writer.writePlane(new Uint8Array(4))).rejects.toMatchObject({
      name: "CorruptData",
    });
    await writer.close();
    expect((await readLevel(store, P, 0)).data).toEqual(new Uint8Array(8));
  });

  it("stops writing and reading when it is told to", async () => {
    const store = createMemoryStore();
    const signal = AbortSignal.abort(new Error("enough"));
    const writer = createVolumeWriter(store, `${P}/0`, {
      shape: [2, 2, 2],
      dtype: "uint8",
      signal,
    });
    await expect(writer.writePlane(new Uint8Array(4))).rejects.toThrow("enough");
    await writeLevel0(store, P, randomVoxels([9, 9, 9], "uint8"), "uint8");
    await expect(readLevel(store, P, 0, { signal })).rejects.toThrow("enough");
    await expect(streamPlanes(store, P, 0, undefined, { signal }).next()).rejects.toThrow("enough");
    await expect(writePyramid(store, P, "mean", { signal })).resolves.toMatchObject({
      outputs: [],
    });
  });
});

describe("a damaged level", () => {
  const damaged = async (change: (chunk: Uint8Array) => Uint8Array, key = `${P}/0/c/0/0/0`) => {
    const store = createMemoryStore();
    await writeLevel0(store, P, randomVoxels([9, 9, 9], "uint16"), "uint16");
    await store.put(key, change((await store.get(key))!));
    return readLevel(store, P, 0);
  };

  it.each([
    ["a chunk that was cut", (b: Uint8Array) => b.slice(0, -3)],
    ["an empty chunk", () => new Uint8Array(0)],
    ["a chunk of noise", (b: Uint8Array) => b.map((_, i) => (i * 73) & 255)],
    [
      "a chunk of another size",
      () => new Uint8Array([2, 1, 0x93, 2, 4, 0, 0, 0, 4, 0, 0, 0, 20, 0, 0, 0, 1, 2, 3, 4]),
    ],
  ])("is corrupt with %s, and never read as something else", async (_, change) => {
    await expect(damaged(change)).rejects.toMatchObject({
      name: "CorruptData",
      message: expect.stringContaining(P) as string,
    });
  });

  it.each([
    "",
    "{",
    "[]",
    "null",
    '{"zarr_format":3}',
    '{"zarr_format":3,"node_type":"array","shape":[1]}',
  ])("is corrupt or not there with the document %j", async (text) => {
    const failure: unknown = await damaged(() => Buffer.from(text), `${P}/0/zarr.json`).catch(
      (e: unknown) => e,
    );
    expect((failure as Error).name).toMatch(/^(CorruptData|NotFound|UnsupportedFormat)$/);
  });
});

describe("a pyramid", () => {
  it("is read by zarr-python voxel for voxel, with the mean of numpy at every level", async () => {
    const root = await temporaryFolder();
    const store = createDirectoryStore({ root });
    const grids = new Map(
      DTYPES.map((dtype, i) => [dtype, randomVoxels([131, 66, 37 + i], dtype, i)]),
    );
    grids.set("uint16", randomVoxels([131, 600, 39], "uint16", 2)); // by threads, in two shards
    for (const [dtype, grid] of grids) {
      await writeVolume(store, `${dtype}.zarr`, grid, dtype);
      await writeFile(join(root, `${dtype}.raw`), new Uint8Array(grid.data.buffer));
    }
    const reader = await readFile(new URL("../../support/read-zarr.py", import.meta.url), "utf8");
    const said = await runPython(
      `${reader}
import sys
for i, dtype in enumerate(sys.argv[2:]):
    path = f"{sys.argv[1]}/{dtype}.zarr"
    expected = np.fromfile(f"{sys.argv[1]}/{dtype}.raw", dtype).reshape(131, -1, 37 + i)
    for level in range(5 if dtype == 'uint16' else 3):
        found = read_zarr(f"{path}/{level}")
        assert found.dtype == expected.dtype and found.shape == expected.shape, (dtype, level, found.shape)
        # Single precision: the order of a sum is not prescribed.
        same = np.allclose(found, expected, rtol=1e-6, atol=1e-3) if dtype == "float32" and level else (found == expected).all()
        assert same, (dtype, level)
        z, y, x = [-(-n // 2) for n in found.shape]
        whole = np.pad(found.astype(np.float64), [(0, n % 2) for n in found.shape], constant_values=np.nan)
        mean = np.nanmean(whole.reshape(z, 2, y, 2, x, 2).transpose(0, 2, 4, 1, 3, 5).reshape(z, y, x, 8), axis=-1)
        expected = (mean if dtype == "float32" else np.floor(mean + 0.5)).astype(dtype)
    assert not os.path.exists(f"{path}/5")
print("same")`,
      root,
      ...DTYPES,
    );
    expect(said.trim()).toBe("same");
  });

  it.each(["mean", "mode", "nearest"] as const)(
    "is the same whether it is written with level 0 or after it, by threads or without: %s",
    async (mode) => {
      for (const shape of [
        [131, 260, 250],
        [131, 66, 37],
      ] as Zyx[]) {
        const grid = randomVoxels(shape, "uint16", 4);
        const [once, after] = [createMemoryStore(), createMemoryStore()];
        const writer = createPyramidWriter(once, P, { shape, dtype: "uint16", mode });
        const area = shape[1] * shape[2];
        const plane = new Uint16Array(area);
        for (let z = 0; z < shape[0]; z++) {
          plane.set(grid.data.subarray(z * area, (z + 1) * area));
          await writer.writePlane(plane); // whose memory is ours again
        }
        const { levels } = await writer.close();
        const first = await writeLevel0(after, P, grid, "uint16");
        const { outputs } = await writePyramid(after, P, mode);
        expect(levels.flat()).toEqual([...first, ...outputs]);
        expect(await listAll(once, "")).toEqual(await listAll(after, ""));
        for await (const { key } of once.list("")) {
          expect(Buffer.compare((await once.get(key))!, (await after.get(key))!), key).toBe(0);
        }
        expectSame(await readLevel(once, P, 0), grid);
      }
    },
  );

  it("fails, and does not hang, when the store does", async () => {
    const store = createMemoryStore();
    let puts = 0;
    const failing: ObjectStore = {
      ...store,
      put: async (key, bytes) => {
        if (++puts > 2) throw new StoreUnavailable("the disk is gone");
        await store.put(key, bytes);
      },
    };
    const shape: Zyx = [400, 260, 200];
    const writer = createPyramidWriter(failing, P, { shape, dtype: "uint16", mode: "mean" });
    const write = async () => {
      for (let z = 0; z < shape[0]; z++) await writer.writePlane(new Uint16Array(52_000).fill(z));
      await writer.close();
    };
    await expect(write()).rejects.toThrow("the disk is gone");
    expect(await store.get(`${P}/0/zarr.json`)).toBeUndefined();
  });

  it("of labels holds only labels that were there", async () => {
    const store = createMemoryStore();
    const labels = randomVoxels([70, 8, 8], "uint8");
    labels.data.forEach((v, i) => (labels.data[i] = (v % 3) * 100));
    await writeLevel0(store, P, labels, "uint8");
    const fractions: number[] = [];
    const { shapes, outputs } = await writePyramid(store, P, "mode", {
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(shapes).toEqual([
      [70, 8, 8],
      [35, 4, 4],
    ]);
    expect(outputs.at(-1)!.key).toBe(`${P}/1/zarr.json`);
    const { data } = await readLevel(store, P, 1);
    expect([...data]).toEqual(
      Array.from({ length: data.length }, (_, i) => {
        const [z, y, x] = [Math.floor(i / 16), Math.floor(i / 4) % 4, i % 4];
        const eight = [0, 1, 8, 9, 64, 65, 72, 73].map(
          (step) => labels.data[(2 * z * 8 + 2 * y) * 8 + 2 * x + step]!,
        );
        const count = (value: number) => eight.filter((v) => v === value).length;
        return eight.find((v) => count(v) === Math.max(...eight.map(count)));
      }),
    );
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  });
});

describe("a volume's document", () => {
  it("is OME-Zarr 0.5 and says back what was put in", async () => {
    const store = createMemoryStore();
    const grid = randomVoxels([100, 20, 20], "uint16");
    await writeVolume(store, P, grid, "uint16", {
      voxelSizeUm: [4, 2, 1],
      origin: { format: "raw" },
    });
    const document = JSON.parse(Buffer.from((await store.get(`${P}/zarr.json`))!).toString()) as {
      attributes: { ome: object };
    };
    expect(document).toMatchObject({ zarr_format: 3, node_type: "group" });
    const axis = (name: string) => ({ name, type: "space", unit: "micrometer" });
    expect(document.attributes.ome).toMatchObject({
      version: "0.5",
      multiscales: [
        {
          name: "P06",
          axes: [axis("z"), axis("y"), axis("x")],
          datasets: [
            {
              path: "0",
              coordinateTransformations: [
                { type: "scale", scale: [4, 2, 1] },
                { type: "translation", translation: [0, 0, 0] },
              ],
            },
            {
              path: "1",
              coordinateTransformations: [
                { type: "scale", scale: [8, 4, 2] },
                { type: "translation", translation: [2, 1, 0.5] },
              ],
            },
          ],
          type: "mean",
        },
      ],
    });
    const info = await volumeInfo(store, P);
    expect(info).toMatchObject({
      name: "P06",
      shape: [100, 20, 20],
      dtype: "uint16",
      voxelSizeUm: [4, 2, 1],
      shapes: [
        [100, 20, 20],
        [50, 10, 10],
      ],
      downsampling: "mean",
      origin: { format: "raw" },
      metadata: undefined,
    });
    const coarse = [...(await readLevel(store, P, 1)).data].sort((a, b) => a - b);
    const rank = (share: number) => coarse[Math.round(share * (coarse.length - 1))];
    expect(info.window).toEqual([rank(0.001), rank(0.999)]);
  });

  it("is missed by name, and corrupt when it is something else", async () => {
    const store = createMemoryStore();
    await expect(volumeInfo(store, P)).rejects.toMatchObject({
      name: "NotFound",
      message: `There is no volume at memory:${P}`,
    });
    for (const text of ["{}", "null", "[1]", '{"attributes":{"ome":{"multiscales":[{}]}}}', "x"]) {
      await store.put(`${P}/zarr.json`, Buffer.from(text));
      await expect(volumeInfo(store, P), text).rejects.toMatchObject({ name: "CorruptData" });
    }
  });
});

describe("on MinIO", () => {
  let minio: Awaited<ReturnType<typeof startTestMinio>>;
  beforeAll(async () => {
    minio = await startTestMinio();
    await ensureBucket(minio.options);
  });
  afterAll(() => minio.stop());

  it("a volume comes back as it was written", async () => {
    const store = createMinioStore(minio.options);
    const grid = randomVoxels([130, 260, 250], "uint16"); // by threads
    await writeVolume(store, P, grid, "uint16");
    expectSame(await readLevel(store, P, 0), grid);
    expect((await volumeInfo(store, P)).shapes).toHaveLength(4);
  });
});

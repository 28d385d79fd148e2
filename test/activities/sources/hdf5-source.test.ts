import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collectVoxels } from "./collect-voxels.ts";
import { openHdf5File, writeHdf5 } from "./hdf5-files.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "microtome-hdf5-"));
  await writeHdf5(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Voxel k, as write-hdf5.py makes it: 131 k + 7, modulo what the type holds. */
const VALUES = Array.from({ length: 480 }, (_, k) => 131 * k + 7);
const uint16 = Buffer.from(Uint16Array.from(VALUES).buffer);

async function read(name: string, dataset?: string) {
  const source = await openHdf5File(folder, name, dataset);
  expect(source).toMatchObject({ format: "hdf5", shape: [6, 10, 8] });
  return { ...source, voxels: await collectVoxels(source) };
}

it.each([
  ["u1.h5", "uint8", Uint8Array],
  ["i1.h5", "int8", Int8Array],
  ["u2.h5", "uint16", Uint16Array],
  ["big-u2.h5", "uint16", Uint16Array],
  ["big-i2.h5", "int16", Int16Array],
  ["big-u4.h5", "uint32", Uint32Array],
  ["big-i4.h5", "int32", Int32Array],
  ["big-f4.h5", "float32", Float32Array],
] as const)("reads every voxel of %s as %s", async (name, dtype, type) => {
  const source = await read(name);
  expect(source.dtype).toBe(dtype);
  expect(source.voxels).toEqual(Buffer.from(type.from(VALUES).buffer));
});

describe("how voxels are stored does not matter", () => {
  it.each(["latest.h5", "szip.h5", "user-block.h5", "four-axes.h5"])("in %s", async (name) => {
    const { voxels, dtype } = await read(name);
    expect(dtype).toBe("uint16");
    expect(voxels).toEqual(uint16);
  });
});

it("reads numpy's bool as 0 and 1", async () => {
  const { dtype, voxels } = await read("bool.h5");
  expect(dtype).toBe("uint8");
  expect([...voxels]).toEqual(VALUES.map((value) => (value > 20000 ? 1 : 0)));
});

describe("which data set is read", () => {
  it.each([
    ["nexus.nxs", undefined, "/entry/result/data"],
    ["nexus.nxs", "/entry", "/entry/result/data"],
    ["nexus.nxs", "entry/result/", "/entry/result/data"],
    ["old-nexus.nxs", undefined, "/entry/processed/v"],
    ["exchange.h5", undefined, "/exchange/data"],
    ["only-one.h5", undefined, "/entry/data/data"],
    ["only-one.h5", "again", "/entry/data/data"],
    ["only-one.h5", "entry/back/entry/data", "/entry/back/entry/data/data"],
    ["exchange-raw.h5", "/exchange/data", "/exchange/data"],
  ])("of %s, with dataset %s: %s", async (name, dataset, path) => {
    const { origin, voxels } = await read(name, dataset);
    expect(origin).toMatchObject({ format: "hdf5", dataset: path });
    expect(voxels).toEqual(uint16);
  });
});

it.each([
  ["link.h5", ["link.h5", "part.h5"]],
  ["virtual.h5", ["virtual.h5", "first.h5", "rest.h5"]],
])(
  "reads voxels of %s out of files below it, and counts these among its files",
  async (name, files) => {
    const source = await read(name);
    expect(source.voxels).toEqual(uint16);
    expect(source.files.map((file) => basename(file))).toEqual(files);
  },
);

it.each([
  ["nexus.nxs", [4, 2, 2], []],
  ["four-axes.h5", [3, 2, 1.5], []],
  ["volume-cm.h5", [4, 4, 4], []],
  ["pixel.h5", [1.5, 1.5, 1.5], ["z"]],
  ["exchange.h5", [3.25, 3.25, 3.25], ["z", "y", "x"]],
  ["no-unit.h5", undefined, undefined],
])("takes the voxel size of %s for %j µm, of which it guesses %j", async (name, size, assumed) => {
  const { voxelSizeUm, origin } = await openHdf5File(folder, name);
  expect(voxelSizeUm).toEqual(size);
  expect(origin["voxelSizeAssumed"]).toEqual(assumed);
});

it("keeps what the values mean", async () => {
  const [latest, nexus] = [
    await openHdf5File(folder, "latest.h5"),
    await openHdf5File(folder, "nexus.nxs"),
  ];
  expect(latest.origin).toMatchObject({ slope: 0.5, intercept: -2 });
  expect(nexus.origin).toMatchObject({ intensityUnit: "1/cm" });
});

it("stops when it is told to, and can be read again", async () => {
  const source = await openHdf5File(folder, "u2.h5");
  const stop = new AbortController();
  const planes = source.planes(stop.signal);
  expect((await planes.next()).done).toBe(false);
  stop.abort(new Error("enough"));
  await expect(planes.next()).rejects.toThrow("enough");
  expect(await collectVoxels(source)).toEqual(uint16);
});

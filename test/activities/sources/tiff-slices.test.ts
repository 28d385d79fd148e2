import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { openSource } from "../../../activities/sources/open-source.ts";
import { fingerprintSource } from "../../../activities/sources/fingerprint.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { collectVoxels } from "./collect-voxels.ts";
import { tiffBytes } from "./tiff-bytes.ts";

const slice = (value: number, width = 4, height = 3) =>
  tiffBytes(new Uint8Array(width * height).fill(value), width, height);

/** A folder with slices of the given names; the k-th is filled with k. */
async function folderOf(...names: string[]): Promise<string> {
  const folder = join(await temporaryFolder(), "P04");
  await mkdir(folder);
  for (const [k, name] of names.entries()) await writeFile(join(folder, name), slice(k));
  return folder;
}

const open = (source: string, more = {}) => openSource({ scan: "P04", source, ...more }, "/");
const order = async (source: string, more = {}) => {
  const voxels = await collectVoxels(await open(source, more));
  return Array.from({ length: voxels.length / 12 }, (_, z) => voxels[z * 12]);
};

it("reads slices in the order of their numbers, not of their letters", async () => {
  const folder = await folderOf("s_10.tif", "s_9.tif", "s_11.tif", "s_8.tif");
  expect(await order(folder)).toEqual([3, 1, 0, 2]);
  expect(await order(join(folder, "s_*.tif"))).toEqual([3, 1, 0, 2]);
  expect(await order(pathToFileURL(folder).href)).toEqual([3, 1, 0, 2]);
  expect(await order(join(folder, "s_1?.tif"))).toEqual([0, 2]);
});

it("reads slices to where they are wanted, if there is room", async () => {
  const folder = await folderOf(...Array.from({ length: 12 }, (_, z) => `s_${z}.tif`));
  const memory = new Uint8Array(new SharedArrayBuffer(12 * 12));
  const place = (z: number) => (z % 5 === 3 ? undefined : memory.subarray(z * 12, (z + 1) * 12));
  let z = 0;
  for await (const plane of (await open(folder)).planes(undefined, place)) {
    expect([...plane]).toEqual(new Array(12).fill(z));
    expect(plane.buffer === memory.buffer).toBe(z % 5 !== 3);
    if (plane.buffer === memory.buffer) expect(plane.byteOffset).toBe(z * 12);
    z++;
  }
  expect(z).toBe(12);
});

it("takes a relative source from the folder it is given", async () => {
  const folder = await folderOf("s_1.tif", "s_2.TIFF".replace("TIFF", "tif"));
  const source = await openSource({ scan: "P04", source: "../P04/*.tif" }, folder);
  expect(source).toMatchObject({ format: "tiff-slices", shape: [2, 3, 4], dtype: "uint8" });
});

it("passes over other files, hidden files and folders", async () => {
  const folder = await folderOf("s_1.tif", "s_2.tif", "._s_1.tif", "log.txt");
  await mkdir(join(folder, "preview.tif"));
  expect(await order(folder)).toEqual([0, 1]);
});

it("reads a folder whose path has characters of globs in it", async () => {
  const folder = join(await temporaryFolder(), "run [3] (a)*");
  await mkdir(folder);
  await writeFile(join(folder, "s_1.tif"), slice(1));
  await writeFile(join(folder, "s_2.tif"), slice(2));
  expect(await order(folder)).toEqual([1, 2]);
  const source = await openSource({ scan: "P04", source: "*.tif" }, folder);
  expect(source.shape[0]).toBe(2);
});

it("finds a missing number, and lets it pass when it may", async () => {
  const folder = await folderOf("s_0098.tif", "s_0099.tif", "s_0101.tif", "s_0105.tif");
  await expect(open(folder)).rejects.toMatchObject({
    name: "InvalidInput",
    message: expect.stringContaining(
      "P04: slice 100 is missing between s_0099.tif and s_0101.tif",
    ) as string,
  });
  expect(await order(folder, { allowMissingSlices: true })).toEqual([0, 1, 2, 3]);
});

it("counts by the number that differs in every name", async () => {
  const names = ["2026_5um_0003_rec.tif", "2026_5um_0004_rec.tif", "2026_5um_0005_rec.tif"];
  expect(await order(await folderOf(...names))).toEqual([0, 1, 2]);
  await expect(open(await folderOf(names[0]!, names[2]!))).rejects.toThrow(/slice 4 is missing/);
});

it("takes names without numbers in their order", async () => {
  expect(await order(await folderOf("b.tif", "a.tif", "c.tif"))).toEqual([1, 0, 2]);
});

it.each([
  [["s_1.tif", "s_01.tif", "s_2.tif"], /P04 has slice 1 twice: s_(1|01)\.tif and s_(1|01)\.tif/],
  [
    ["s_1.tif", "s_2.tif", "flat_1.tif"],
    /more than one series of slices: flat_1\.tif and s_1\.tif/,
  ],
])("refuses the series %j", async (names, message) => {
  await expect(open(await folderOf(...names))).rejects.toMatchObject({
    name: "InvalidInput",
    message: expect.stringMatching(message) as string,
  });
});

it("names both slices and both sizes when they differ, wherever the odd one is", async () => {
  for (const odd of [0, 1, 2, 6]) {
    const folder = await folderOf(...Array.from({ length: 7 }, (_, k) => `s_${k}.tif`));
    await writeFile(join(folder, `s_${odd}.tif`), slice(1, 6, 2));
    const [other, size] = odd === 0 ? [6, "3x4 uint8"] : [odd, "2x6 uint8"];
    await expect(open(folder).then(collectVoxels)).rejects.toMatchObject({
      name: "InvalidInput",
      message: `P04: slices differ: s_${other}.tif is ${size}, but s_0.tif is ${odd === 0 ? "2x6" : "3x4"} uint8`,
    });
  }
});

it("says which strip of which slice a truncated file lacks", async () => {
  const folder = await folderOf(...Array.from({ length: 12 }, (_, k) => `s_00${10 + k}.tif`));
  const pixels = new Uint8Array(1200).fill(3);
  // The directory stays whole: its strips point behind the end.
  const cut = tiffBytes(pixels.subarray(0, 12), 4, 3, {
    change: [
      [273, 4, [8, 12, 1000]],
      [278, 4, [1]],
      [279, 4, [4, 4, 4]],
    ],
  });
  await writeFile(join(folder, "s_0015.tif"), cut);
  await expect(open(folder).then(collectVoxels)).rejects.toMatchObject({
    name: "CorruptData",
    message: `P04: slice 6 of 12 (s_0015.tif) is truncated: strip 3 needs bytes 1000–1004 but the file has ${cut.length}`,
  });
});

it("does not wait for ever for a slice that is a pipe", async () => {
  const folder = await folderOf("s_1.tif", "s_3.tif");
  execFileSync("mkfifo", [join(folder, "s_2.tif")]);
  await expect(open(folder).then(collectVoxels)).rejects.toThrow(/s_2\.tif is not a regular file/);
});

it("refuses a slice of several pages among slices, and reads it alone", async () => {
  const folder = await folderOf("s_1.tif", "s_2.tif");
  await writeFile(join(folder, "s_2.tif"), tiffBytes(new Uint8Array(12), 4, 3, { pages: 2 }));
  await expect(open(folder)).rejects.toThrow(/slice 2 of 2 \(s_2\.tif\) holds 2 pages, expected 1/);
  expect((await open(join(folder, "s_2.tif"))).shape).toEqual([2, 3, 4]);
  expect((await open(join(folder, "*_2.tif"))).shape).toEqual([2, 3, 4]);
});

it("gives a moved scan the same fingerprint, and another order another one", async () => {
  const digest = async (...names: string[]) => {
    const source = await open(await folderOf(...names));
    return fingerprintSource(source, { scan: "P04" });
  };
  const first = await digest("s_1.tif", "s_2.tif", "s_3.tif");
  expect(await digest("t_07.tif", "t_08.tif", "t_09.tif")).toBe(first);
  expect(await digest("s_1.tif", "s_3.tif", "s_2.tif")).not.toBe(first);
  expect(await digest("s_1.tif", "s_2.tif")).not.toBe(first);
});

it("stops a fingerprint with the reason it is given", async () => {
  const source = await open(await folderOf("s_1.tif", "s_2.tif"));
  const reason = new Error("no longer wanted");
  await expect(
    fingerprintSource(source, { scan: "P04" }, undefined, AbortSignal.abort(reason)),
  ).rejects.toBe(reason);
});

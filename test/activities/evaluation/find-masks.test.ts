import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findMasks } from "../../../activities/evaluation/find-masks.ts";
import { findScans } from "../../../activities/evaluation/find-scans.ts";
import { temporaryFolder } from "../../support/temporary.ts";

async function folder(...names: readonly string[]): Promise<string> {
  const dir = await temporaryFolder();
  for (const name of names) {
    await mkdir(join(dir, name, ".."), { recursive: true });
    if (name.endsWith("/")) await mkdir(join(dir, name));
    else await writeFile(join(dir, name), "");
  }
  return dir;
}

test("masks beside scans are theirs, and are not taken for scans", async () => {
  const dir = await folder("a.nii.gz", "a.mask.nii.gz", "b.tif", "c.nii", "c.mask.nrrd");
  const scans = (await findScans(dir)).map(({ scan }) => scan);
  expect(scans).toEqual(["a", "b", "c"]);
  const masks = await findMasks(dir, scans);
  expect(Object.entries(masks).map(([scan, { path }]) => [scan, path])).toEqual([
    ["a", join(dir, "a.mask.nii.gz")],
    ["c", join(dir, "c.mask.nrrd")],
  ]);
});

test("of a phantom, the specimen goes before the labels", async () => {
  const dir = await folder("P01/s_0000.tif", "P01.labels/s_0000.tif", "P02.labels/s_0000.tif");
  await mkdir(join(dir, "truth", "P01.specimen"), { recursive: true });
  const masks = await findMasks(dir, ["P01", "P02", "P03"]);
  expect(masks["P01"]!.path).toBe(join(dir, "truth", "P01.specimen"));
  expect(masks["P02"]!.path).toBe(join(dir, "P02.labels"));
  expect(masks["P03"]).toBeUndefined();
});

test("a folder of masks holds them under the scans' names, with or without .mask", async () => {
  const dir = await folder("a.nii.gz", "b.mask.nii.gz", "notes.txt");
  const masks = await findMasks("/nowhere", ["a", "b"], dir);
  expect(Object.keys(masks)).toEqual(["a", "b"]);
  await expect(findMasks("/nowhere", ["x"], dir)).rejects.toThrow(/expected masks of x/);
  await expect(findMasks(dir, ["a"], join(dir, "none"))).rejects.toThrow(/Cannot read the folder/);
});

test("a mask that changes has another version", async () => {
  const dir = await folder("a.nii", "a.mask.nii");
  const before = (await findMasks(dir, ["a"]))["a"]!.version;
  await writeFile(join(dir, "a.mask.nii"), "longer");
  expect((await findMasks(dir, ["a"]))["a"]!.version).not.toBe(before);
});

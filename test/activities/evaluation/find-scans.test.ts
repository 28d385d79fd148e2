import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findScans } from "../../../activities/evaluation/find-scans.ts";
import { temporaryFolder } from "../../support/temporary.ts";

async function folder(files: readonly string[], folders: readonly string[] = []): Promise<string> {
  const dir = await temporaryFolder();
  for (const name of folders) {
    await mkdir(join(dir, name));
    if (name !== "results") await writeFile(join(dir, name, inside(name)), "");
  }
  for (const name of files) await writeFile(join(dir, name), "");
  return dir;
}

const inside = (folder: string) => (folder.endsWith(".zarr") ? "zarr.json" : "s_0000.tif");

test("scans are files and folders in natural order; masks, labels, truth, notes and other folders are none", async () => {
  const dir = await folder(
    ["b10.nii.gz", "b9.nrrd", "b9.mask.nii.gz", "truth.json", "README.md", ".hidden.nii"],
    ["P01", "P01.labels", "truth", "c.ome.zarr", "results"],
  );
  expect((await findScans(dir)).map(({ scan }) => scan)).toEqual(["b9", "b10", "c", "P01"]);
  expect((await findScans(dir))[0]!.source).toBe(join(dir, "b9.nrrd"));
});

test("some scans can be named, and some left out", async () => {
  const dir = await folder(["a.nii", "b.nii", "c.nii"]);
  const ids = async (options: Parameters<typeof findScans>[1]) =>
    (await findScans(dir, options)).map(({ scan }) => scan);
  expect(await ids({ only: ["c", "a"] })).toEqual(["a", "c"]);
  expect(await ids({ skip: ["b"] })).toEqual(["a", "c"]);
  await expect(ids({ skip: ["d"] })).rejects.toThrow('There is no scan "d"; there are: a, b, c');
});

test("a header beside its voxels is one scan, voxels without one are an error", async () => {
  const pair = await folder(["a.mhd", "a.raw"]);
  expect((await findScans(pair)).map(({ scan }) => scan)).toEqual(["a"]);
  const bare = await folder(["a.nii", "b.raw"]);
  await expect(findScans(bare)).rejects.toThrow("b.raw has no header beside it: convert it first");
});

test("two files of one id, an empty folder and no folder are errors", async () => {
  await expect(findScans(await folder(["a.nii", "a.nrrd"]))).rejects.toThrow(
    "a.nii and a.nrrd would both be scan a",
  );
  await expect(findScans(await folder(["notes.txt"]))).rejects.toThrow("there are none");
  await expect(findScans("/nowhere/at/all")).rejects.toThrow("cannot read /nowhere/at/all");
});

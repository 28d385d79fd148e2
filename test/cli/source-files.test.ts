import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { readBatchArguments } from "../../cli/batch-file.ts";
import { matchesSomething, sourceBytes } from "../../cli/source-files.ts";

const dir = mkdtempSync(join(tmpdir(), "microtome-source-"));
mkdirSync(join(dir, "A01"));
mkdirSync(join(dir, "empty"));
writeFileSync(join(dir, "A01", "s_0.tif"), Buffer.alloc(100));
writeFileSync(join(dir, "A01", "s_1.tif"), Buffer.alloc(50));
writeFileSync(join(dir, "A01", "log.txt"), Buffer.alloc(7));
writeFileSync(join(dir, "v.nii"), Buffer.alloc(11));
writeFileSync(
  join(dir, "batch.yaml"),
  "batch: b\nscans: [{ source: A01 }, { source: gone.tif }]\n",
);
afterAll(() => rmSync(dir, { recursive: true }));

test.each([
  ["A01", 157],
  ["A01/*.tif", 150],
  ["v.nii", 11],
  ["empty", 0],
  ["s3://bucket/a.tif", 0],
])("%s is there, with %i bytes", async (source, bytes) => {
  expect(await matchesSomething(source, dir)).toBe(true);
  expect(await sourceBytes(source, dir)).toBe(bytes);
});

test("a file URL is a file", async () => {
  expect(await sourceBytes(pathToFileURL(join(dir, "v.nii")).href, dir)).toBe(11);
});

test.each(["gone", "A01/*.nii", "gone/*.tif", "v.nii/x"])("%s is nothing", async (source) => {
  expect(await matchesSomething(source, dir)).toBe(false);
  expect(await sourceBytes(source, dir)).toBe(0);
});

const args = { batch: undefined, set: [], cwd: dir } as const;

test("a missing source in a batch file is left to ingest, so that the others go on", async () => {
  const { spec } = await readBatchArguments({ ...args, paths: ["batch.yaml"] });
  expect(spec.scans.map(({ source }) => source)).toEqual([join(dir, "A01"), join(dir, "gone.tif")]);
});

test("a missing source on the command line is a slip", async () => {
  const typed = { ...args, batch: "b", paths: ["A01", "gone.tif"] };
  await expect(readBatchArguments(typed)).rejects.toThrow(/^SOURCE gone\.tif: got nothing there/);
});

test("sources on the command line make a batch, --set included", async () => {
  const set = [{ path: ["pretrain", "steps"], value: 3 }];
  const { spec } = await readBatchArguments({ ...args, batch: "b", paths: ["A01", "v.nii"], set });
  expect(spec.scans.map(({ id }) => id)).toEqual(["A01", "v"]);
  expect(spec.pretrain.steps).toBe(3);
});

test("two batch files are one too many", async () => {
  await expect(readBatchArguments({ ...args, paths: ["a.json", "b.json"] })).rejects.toThrow(
    /got 2 files, expected one batch file/,
  );
});

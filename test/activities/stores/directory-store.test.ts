import { chmod, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createDirectoryStore } from "../../../activities/stores/directory-store.ts";
import { InvalidInput } from "../../../domain/errors.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { listAll, storeConformance } from "./conformance.ts";

storeConformance(async () => ({
  store: createDirectoryStore({ root: await temporaryFolder() }),
  root: "t",
}));

it("keeps objects as plain files, and nothing else where a reader looks", async () => {
  const root = await temporaryFolder();
  const store = createDirectoryStore({ root });
  await store.put("v.zarr/zarr.json", Buffer.from("{}"));
  expect(await readFile(join(root, "v.zarr/zarr.json"), "utf8")).toBe("{}");
  expect(await readdir(join(root, "v.zarr"))).toEqual(["zarr.json"]);
  expect(await readdir(join(root, ".tmp"))).toEqual([]);
  await writeFile(join(root, ".tmp/left-by-a-dead-process"), "x");
  expect((await listAll(store, "")).map(({ key }) => key)).toEqual(["v.zarr/zarr.json"]);
});

it("says so when a key would have to be a file and a folder", async () => {
  const store = createDirectoryStore({ root: await temporaryFolder() });
  await store.put("a", Buffer.from("1"));
  await expect(store.put("a/b", Buffer.from("2"))).rejects.toThrow(/both an object and a folder/);
  await store.put("c/d", Buffer.from("3"));
  await expect(store.put("c", Buffer.from("4"))).rejects.toThrow(InvalidInput);
  await expect(store.putIfAbsent("c", Buffer.from("4"))).rejects.toThrow(InvalidInput);
});

it("keeps its own folder for itself", async () => {
  const store = createDirectoryStore({ root: await temporaryFolder() });
  await expect(store.put(".tmp/a", Buffer.from("1"))).rejects.toThrow(/reserved/);
});

it.skipIf(process.getuid?.() === 0)("names the folder that may not be written", async () => {
  const root = await temporaryFolder();
  await chmod(root, 0o500);
  const store = createDirectoryStore({ root });
  await expect(store.put("a", Buffer.from("1"))).rejects.toMatchObject({ name: "StoreDenied" });
});

it("lists no links, so that no loop of them goes on for ever", async () => {
  const root = await temporaryFolder();
  await mkdir(join(root, "a"));
  await symlink(root, join(root, "a/loop"));
  await writeFile(join(root, "a/file"), "1");
  const found = await listAll(createDirectoryStore({ root }), "");
  expect(found.map(({ key }) => key)).toEqual(["a/file"]);
});

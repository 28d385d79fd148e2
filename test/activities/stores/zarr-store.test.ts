import * as zarr from "zarrita";
import { expect, it } from "vitest";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { createZarrStore } from "../../../activities/stores/zarr-store.ts";
import { listAll } from "./conformance.ts";

it("lets zarrita make, fill in part, and read an array below a prefix", async () => {
  const objects = createMemoryStore();
  const store = createZarrStore(objects, "volumes/a.zarr/");
  const array = await zarr.create(zarr.root(store).resolve("0"), {
    shape: [5, 4],
    chunkShape: [2, 4],
    dtype: "uint16",
    codecs: [{ name: "bytes", configuration: { endian: "little" } }],
    fillValue: 0,
  });
  const data = Uint16Array.from({ length: 12 }, (_, i) => 300 + i);
  await zarr.set(array, [zarr.slice(1, 4), null], { data, shape: [3, 4], stride: [4, 1] });
  const opened = await zarr.open.v3(zarr.root(store).resolve("0"), { kind: "array" });
  const read = await zarr.get(opened, [zarr.slice(0, 3), zarr.slice(1, 3)]);
  expect([...(read.data as Uint16Array)]).toEqual([0, 0, 301, 302, 305, 306]);
  expect((await listAll(objects, "")).map(({ key, bytes }) => [key, bytes])).toEqual([
    ["volumes/a.zarr/0/c/0/0", 16],
    ["volumes/a.zarr/0/c/1/0", 16],
    ["volumes/a.zarr/0/zarr.json", expect.any(Number)],
  ]);
});

it("answers ranges, and undefined for what is not there", async () => {
  const objects = createMemoryStore();
  await objects.put("p/x", Uint8Array.of(1, 2, 3));
  const store = createZarrStore(objects, "p");
  expect(await store.getRange("/x", { suffixLength: 2 })).toEqual(Uint8Array.of(2, 3));
  expect(await store.getRange("/x", { offset: 0, length: 1 })).toEqual(Uint8Array.of(1));
  expect(await store.get("/y")).toBeUndefined();
  expect(await store.getRange("/y", { suffixLength: 2 })).toBeUndefined();
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(store.get("/x", { signal })).rejects.toThrow("enough");
});

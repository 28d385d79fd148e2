import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { createPyramidWriter } from "../../../activities/volumes/pyramid-writer.ts";
import { writePlanes } from "../../../activities/volumes/write-planes.ts";
import { writeZarr } from "../../../activities/volumes/write-zarr.ts";
import { randomVoxels } from "../../support/random-volume.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const shape = [160, 40, 50] as const;
const { data } = randomVoxels(shape, "uint8", 3);

/** Planes until the source of them is damaged. */
function* planes(end: number = shape[0]) {
  for (let z = 0; z < end; z++) yield data.slice(z * 2000, (z + 1) * 2000);
  if (end < shape[0]) throw new Error("the scanner fell over");
}

/** A store that takes its time over every object, and knows how many are on their way. */
function slowStore(fail = false) {
  const store = createMemoryStore();
  const state = { inFlight: 0, puts: 0 };
  const put: typeof store.put = async (...parameters) => {
    state.inFlight++;
    await sleep(50);
    state.inFlight--;
    state.puts++;
    if (fail) throw new Error("the disk is full");
    return store.put(...parameters);
  };
  return { state, store: { ...store, put } };
}

const writerInto = (store: ReturnType<typeof slowStore>["store"]) =>
  createPyramidWriter(store, "v", { shape, dtype: "uint8", mode: "mean" });

it("rejects when planes fail, after what was on its way has arrived", async () => {
  const { state, store } = slowStore();
  await expect(writePlanes(writerInto(store), planes(140))).rejects.toThrow("fell over");
  expect(state).toEqual({ inFlight: 0, puts: expect.any(Number) as number });
  expect(state.puts).toBeGreaterThan(1);
});

it("rejects when an object cannot be put, after the others have been tried", async () => {
  const { state, store } = slowStore(true);
  await expect(writePlanes(writerInto(store), planes())).rejects.toThrow("disk is full");
  expect(state.inFlight).toBe(0);
});

it("leaves no folder of a volume whose planes failed", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "there.ome.zarr");
  const writing = writeZarr(path, async (target, root) => {
    const put: typeof target.put = async (...parameters) => {
      await sleep(50);
      return target.put(...parameters);
    };
    const slow = { ...target, put };
    const writer = createPyramidWriter(slow, root, { shape, dtype: "uint8", mode: "mean" });
    await writePlanes(writer, planes(140));
  });
  await expect(writing).rejects.toThrow("fell over");
  await sleep(200);
  expect(existsSync(path)).toBe(false);
  expect(await readdir(folder)).toEqual([]);
});

it("counts what is written", async () => {
  const { store } = slowStore();
  const seen: number[] = [];
  const { shapes } = await writePlanes(writerInto(store), planes(), (n) => seen.push(n));
  expect(shapes[0]).toEqual(shape);
  expect(seen).toEqual(Array.from({ length: 160 }, (_, i) => i + 1));
});

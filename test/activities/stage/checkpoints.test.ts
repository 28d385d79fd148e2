import { expect, it } from "vitest";
import { createCheckpoints } from "../../../activities/stage/checkpoints.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { CorruptData, IncompatibleCheckpoint } from "../../../domain/errors.ts";
import { listAll } from "../stores/conformance.ts";

const at = (step: number) => Uint8Array.of(step % 256, step >> 8);
const stored = async (store: ReturnType<typeof createMemoryStore>) =>
  (await listAll(store, "campaigns/c/")).map(({ key }) => Number(key.split("/").at(-2)));

it("keeps the newest three, and restores the newest", async () => {
  const store = createMemoryStore();
  const checkpoints = createCheckpoints(store, "c");
  for (const step of [50, 100, 950, 1000, 10_000]) await checkpoints.save(step, at(step));
  expect(await stored(store)).toEqual([950, 1000, 10_000]);
  const restored: Uint8Array[] = [];
  expect(await checkpoints.restoreNewest((bytes) => void restored.push(bytes))).toBe(10_000);
  expect(restored).toEqual([at(10_000)]);
});

it("has nothing where there is none, and does not look into other campaigns", async () => {
  const store = createMemoryStore();
  await createCheckpoints(store, "c2").save(50, at(50));
  const never = () => {
    throw new Error("must not be called");
  };
  expect(await createCheckpoints(store, "c").restoreNewest(never)).toBeUndefined();
});

it.each([CorruptData, IncompatibleCheckpoint])(
  "falls back to older ones while the newest are refused (%o)",
  async (Refused) => {
    const checkpoints = createCheckpoints(createMemoryStore(), "c");
    for (const step of [50, 100, 150]) await checkpoints.save(step, at(step));
    const seen: number[] = [];
    const restore = ([low]: Uint8Array) => {
      seen.push(low!);
      if (low! > 50) throw new Refused("damaged");
    };
    expect(await checkpoints.restoreNewest(restore)).toBe(50);
    expect(seen).toEqual([150, 100, 50]);
    const refuse = () => {
      throw new Refused("all damaged");
    };
    expect(await checkpoints.restoreNewest(refuse)).toBeUndefined();
  },
);

it("does not swallow a bug", async () => {
  const checkpoints = createCheckpoints(createMemoryStore(), "c");
  await checkpoints.save(50, at(50));
  const bug = () => {
    throw new TypeError("bug");
  };
  await expect(checkpoints.restoreNewest(bug)).rejects.toThrow(TypeError);
});

it("keeps what a training that had to start anew saves, although refused later steps lie there", async () => {
  const store = createMemoryStore();
  const checkpoints = createCheckpoints(store, "c");
  for (const step of [500, 550, 600]) await checkpoints.save(step, at(step));
  for (const step of [50, 100, 150, 200]) await checkpoints.save(step, at(step));
  expect(await stored(store)).toEqual([100, 150, 200, 500, 550, 600]);
  const restore = ([low, high]: Uint8Array) => {
    if (low! + 256 * high! >= 500) throw new IncompatibleCheckpoint("of another training");
  };
  expect(await checkpoints.restoreNewest(restore)).toBe(200);
  for (const step of [600, 650, 700]) await checkpoints.save(step, at(step));
  expect(await stored(store)).toEqual([600, 650, 700]);
});

it("survives a checkpoint that is deleted between listing and reading", async () => {
  const store = createMemoryStore();
  const checkpoints = createCheckpoints(store, "c");
  for (const step of [50, 100]) await checkpoints.save(step, at(step));
  const racing = createCheckpoints(
    { ...store, get: async (key) => (key.includes("100") ? undefined : store.get(key)) },
    "c",
  );
  expect(await racing.restoreNewest(() => {})).toBe(50);
});

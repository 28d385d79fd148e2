import { afterEach, expect, test } from "vitest";
import { createDrawAhead } from "../../../activities/training/draw-ahead.ts";
import type { DrawAhead, DrawAheadOptions } from "../../../activities/training/draw-ahead.ts";
import { shareViews } from "../../../activities/training/share-views.ts";
import { InvalidInput } from "../../../domain/errors.ts";
import { createBatchSource } from "../../../domain/pretexts/create-batch-source.ts";
import type { PretrainConfig } from "../../../domain/pretexts/pretrain-config.ts";
import { ballView } from "../../support/views.ts";

const rotation: PretrainConfig = {
  ...{ view: "windows", pretext: "rotation", encoder: "window-net", width: 8 },
  ...{ steps: 100, rate: 1e-3, seed: 3, warmup: 0, batchSize: 6 },
  ...{ windowSize: 10, imageSize: 16, twinRange: 0.2, slicesPerBatch: 4 },
};
const sorting: PretrainConfig = { ...rotation, view: "slices", pretext: "sorting" };
const views = shareViews([ballView(16, 5, 1), ballView(20, 6, 2)]);

const open: DrawAhead[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((ahead) => ahead.close()));
});

async function start(options: Partial<DrawAheadOptions> = {}): Promise<DrawAhead> {
  const ahead = await createDrawAhead({ config: rotation, views, ...options });
  open.push(ahead);
  return ahead;
}

test.each([
  ["rotation", rotation],
  ["sorting", sorting],
])("a thread draws the same bytes for %s as this thread does", async (_, config) => {
  const source = createBatchSource(config, views);
  const ahead = await start({ config });
  for (let batch = 1; batch <= 5; batch++) {
    const [drawn, expected] = [await ahead.draw(batch), source(batch)];
    expect(Object.keys(drawn)).toEqual(Object.keys(expected));
    for (const [name, { shape, values }] of Object.entries(expected)) {
      expect(drawn[name]!.shape).toEqual(shape);
      expect(drawn[name]!.values.constructor).toBe(values.constructor);
      expect(Buffer.from(drawn[name]!.values.buffer).equals(Buffer.from(values.buffer))).toBe(true);
    }
  }
  expect(source(1)).not.toEqual(source(2));
});

test("a resumed run starts anywhere, goes back, and gets the same batches", async () => {
  const source = createBatchSource(rotation, views);
  const ahead = await start({ threads: 2, depth: 3 });
  for (const batch of [41, 42, 43, 44, 12, 13, 99, 13, 1]) {
    expect(await ahead.draw(batch)).toEqual(source(batch));
  }
});

test("batches are there when they are asked for", async () => {
  const ahead = await start({ config: { ...sorting, slicesPerBatch: 32, imageSize: 128 } });
  await ahead.draw(1);
  const before = ahead.times();
  const waits: number[] = [];
  for (let batch = 2; batch <= 10; batch++) {
    await new Promise((done) => setTimeout(done, 250));
    const { waited } = ahead.times();
    await ahead.draw(batch);
    waits.push(ahead.times().waited - waited);
  }
  const drawing = (ahead.times().drawn - before.drawn) / 9;
  // The middle one: on a busy machine this process may stop at any time.
  expect(waits.sort((a, b) => a - b)[4]).toBeLessThan(drawing / 4);
});

test("waiting is counted when there is no time to draw", async () => {
  const ahead = await start();
  const asked = performance.now();
  await ahead.draw(1);
  const took = performance.now() - asked;
  expect(ahead.times().waited).toBeGreaterThan(0.5 * took);
  expect(ahead.times().waited).toBeLessThanOrEqual(took);
});

test("nothing is drawn beyond the last batch", async () => {
  const ahead = await start({ last: 3, depth: 3 });
  for (let batch = 1; batch <= 3; batch++) await ahead.draw(batch);
  const { drawn } = ahead.times();
  await new Promise((done) => setTimeout(done, 200));
  expect(ahead.times().drawn).toBe(drawn);
});

test("an error in drawing arrives with its type and its words", async () => {
  const view = ballView(8, 2, 1);
  const empty = { ...view, valid: { ...view.valid, data: new Uint8Array(512) } };
  const ahead = await start({ views: [empty] });
  const error: unknown = await ahead.draw(1).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(InvalidInput);
  expect(String(error)).toContain("Expected a view with valid voxels, got 1 without");
  // And again: a thread that failed once still answers.
  await expect(ahead.draw(2)).rejects.toThrow(InvalidInput);
});

test("an error that is a bug arrives as one", async () => {
  const ahead = await start({ config: { ...sorting, imageSize: 2 ** 20 } });
  const error: unknown = await ahead.draw(1).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(RangeError);
});

test("cancelled, whoever waits hears why, and the threads end", async () => {
  const controller = new AbortController();
  // Enough to draw for a while.
  const config = { ...sorting, slicesPerBatch: 4096, imageSize: 128 };
  const ahead = await start({ config, signal: controller.signal });
  const waiting = ahead.draw(1);
  const reason = new Error("the campaign was paused");
  setTimeout(() => controller.abort(reason), 300);
  const asked = performance.now();
  await expect(waiting).rejects.toBe(reason);
  expect(performance.now() - asked).toBeLessThan(5000);
  await expect(ahead.draw(2)).rejects.toBe(reason);
  await ahead.close();
  // A thread that went on drawing would need all of its core.
  const before = process.cpuUsage();
  await new Promise((done) => setTimeout(done, 500));
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeLessThan(100_000);
  await expect(createDrawAhead({ config, views, signal: controller.signal })).rejects.toBe(reason);
});

test("views are shared, not copied", async () => {
  const before = ballView(12, 4, 3);
  const shared = shareViews([before]);
  expect(shared[0]!.values.data.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(shared[0]!.valid.data.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(shared[0]!.values).toEqual(before.values);
  expect(shareViews(shared)[0]!.values.data).toBe(shared[0]!.values.data);

  // A thread that has not drawn yet sees what is written here.
  const ahead = await start({ config: sorting, views: shared });
  shared[0]!.values.data.fill(0);
  const zeros = createBatchSource(sorting, shared)(1);
  expect(await ahead.draw(1)).toEqual(zeros);
});

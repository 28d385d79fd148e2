import { afterEach, expect, it, vi } from "vitest";
import {
  createArena,
  type Region,
  regionBytes,
  releaseArena,
  takeRegion,
} from "../../../activities/volumes/voxel-memory.ts";

afterEach(() => vi.useRealTimers());

it("takes apart what is asked for, until nothing is left", () => {
  const arena = createArena(1000)!;
  const total = arena.memory.buffer.byteLength;
  const regions: Region[] = [];
  for (let region; (region = takeRegion(arena, 100)) !== undefined;) regions.push(region);
  expect(regions.length).toBe(Math.floor((total - 64) / 128)); // in units of 64 bytes, after the first
  for (const [i, region] of regions.entries()) regionBytes(region).fill(1 + (i % 250));
  for (const [i, region] of regions.entries()) {
    expect(regionBytes(region).every((byte) => byte === 1 + (i % 250))).toBe(true);
    expect(region.offset % 64).toBe(0);
  }
  expect(takeRegion(arena, 128)).toBeUndefined();
});

it("is used again when it was given back, with nothing taken and under another number", () => {
  vi.useFakeTimers();
  const first = createArena(200_000)!;
  const all = takeRegion(first, 190_000)!;
  regionBytes(all).fill(7);
  expect(createArena(1000)!.memory).not.toBe(first.memory);
  releaseArena(first);
  const second = createArena(150_000)!;
  expect(second.memory).toBe(first.memory);
  expect(second.id).not.toBe(first.id);
  expect(takeRegion(second, 190_000)?.offset).toBe(all.offset);
  expect(createArena(1000)!.memory).not.toBe(first.memory);
});

it("is not kept for long, and not for those who need more", () => {
  vi.useFakeTimers();
  const first = createArena(200_000)!;
  releaseArena(first);
  vi.advanceTimersByTime(9000);
  const second = createArena(1000)!;
  expect(second.memory).toBe(first.memory);
  releaseArena(second);
  vi.advanceTimersByTime(9000);
  vi.advanceTimersByTime(2000);
  const third = createArena(1000)!;
  expect(third.memory).not.toBe(first.memory);
  releaseArena(third);
  expect(createArena(200_000)!.memory).not.toBe(third.memory);
});

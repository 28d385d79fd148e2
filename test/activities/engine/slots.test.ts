import { expect, test } from "vitest";
import { createSlots } from "../../../activities/engine/slots.ts";

const never = new AbortController().signal;

test("the one given back last is taken first, so that it stays warm", async () => {
  const slots = createSlots(["a", "b"]);
  const first = await slots.take(never);
  slots.give(first);
  expect(await slots.take(never)).toBe(first);
});

test("who waits is served in turn, and who gives up is skipped", async () => {
  const slots = createSlots(["a"]);
  const thing = await slots.take(never);
  const served: string[] = [];
  const leave = new AbortController();
  const second = slots.take(leave.signal).catch(() => served.push("left"));
  const third = slots.take(never).then(() => served.push("third"));
  leave.abort();
  await second;
  slots.give(thing);
  await third;
  expect(served).toEqual(["left", "third"]);
});

test("a thing given to one who leaves in that moment is not lost", async () => {
  const slots = createSlots(["a"]);
  const thing = await slots.take(never);
  const leave = new AbortController();
  const leaving = slots.take(leave.signal).catch(() => "left");
  leave.abort();
  slots.give(thing); // before the waiting one's rejection has run
  await leaving;
  expect(await slots.take(never)).toBe("a");
});

test("allFree waits for the last one", async () => {
  const slots = createSlots(["a"]);
  const thing = await slots.take(never);
  let free = false;
  const waiting = slots.allFree().then(() => (free = true));
  await Promise.resolve();
  expect(free).toBe(false);
  slots.give(thing);
  await waiting;
  expect(free).toBe(true);
});

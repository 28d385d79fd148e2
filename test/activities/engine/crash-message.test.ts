import { expect, test } from "vitest";
import { crashMessage, type MemoryWitness } from "../../../activities/engine/crash-message.ts";

const GIB = 2 ** 30;
const killed = { code: null, signal: "SIGKILL" };
const job = { name: "pretrain", seconds: 35.2, progress: { fraction: 0.123, note: "step 12" } };

function witness(availableGib: number, oomKills = 0): MemoryWitness {
  const tightest = { availableBytes: availableGib * GIB, totalBytes: 24 * GIB, oomKills };
  return { peakResidentBytes: 12.3 * GIB, tightest, oomKills };
}

test("tells the process, the signal, the job, how far it was and the last words", () => {
  const crash = { pid: 7, end: { code: null, signal: "SIGSEGV" }, job, output: ["one", "two"] };
  expect(crashMessage(crash)).toBe(
    'The engine process (pid 7) was killed by SIGSEGV during job "pretrain" after 35 s, ' +
      "at 12 % (step 12). Its last words:\none\ntwo",
  );
});

test("a kill counted by the kernel is out of memory, for certain", () => {
  const crash = { pid: 7, end: killed, job, output: [], memory: witness(20, 1) };
  expect(crashMessage(crash)).toContain("Out of memory: the kernel killed it");
});

test("a kill while memory was nearly full is probably out of memory", () => {
  const crash = { pid: 7, end: killed, job, output: [], memory: witness(0.4) };
  expect(crashMessage(crash)).toContain(
    "Probably out of memory: it held 12.3 GiB and only 0.4 GiB of 24.0 GiB were left.",
  );
});

test("a kill with memory to spare is not blamed on memory", () => {
  const crash = { pid: 7, end: killed, job, output: [], memory: witness(20) };
  expect(crashMessage(crash)).toContain("Memory was not short");
});

test("a process that could not start says why, and one that died starting says when", () => {
  expect(crashMessage({ pid: undefined, end: new Error("spawn EAGAIN"), output: [] })).toBe(
    "The engine process could not be started: spawn EAGAIN.",
  );
  expect(crashMessage({ pid: 7, end: { code: 1, signal: null }, output: [] })).toBe(
    "The engine process (pid 7) ended with exit code 1 while it started.",
  );
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { createJobRunner, type JobRunnerOptions } from "../../../activities/engine/pool.ts";
import type { Progress } from "../../../activities/deps.ts";
import {
  Capacity,
  EngineCrashed,
  InvalidInput,
  NotFound,
  WorkerShutdown,
} from "../../../domain/errors.ts";

const jobs = new URL("../../fixtures/jobs.ts", import.meta.url);
const opened: ReturnType<typeof createJobRunner>[] = [];
afterEach(() => Promise.all(opened.splice(0).map((runner) => runner.close())));

/** A runner on the fixture's jobs that remembers its log. */
function engine(options: Partial<JobRunnerOptions> = {}) {
  const logged: string[] = [];
  const log = {
    info: (line: string) => logged.push(line),
    warn: (line: string) => logged.push(line),
  };
  const runner = createJobRunner({ jobs, size: 1, env: process.env, log, ...options });
  opened.push(runner);
  return {
    logged,
    close: () => runner.close(),
    run: <O = unknown>(
      name: string,
      input?: unknown,
      signal = new AbortController().signal,
      onProgress: (progress: Progress) => void = () => {},
    ) => runner.run<O>(name, input, { signal, onProgress }),
  };
}

interface Echo {
  readonly pid: number;
  readonly input: unknown;
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function gone(pid: number, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end;) {
    if (!alive(pid)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

test("a job gets its input and gives its result, in another process", async () => {
  const { run } = engine();
  const { pid, input } = await run<Echo>("echo", { box: [[1, 2]], note: "é" });
  expect(input).toEqual({ box: [[1, 2]], note: "é" });
  expect(pid).not.toBe(process.pid);
});

test("a process stays warm between jobs and is replaced after maxUses", async () => {
  const { run } = engine({ maxUses: 2 });
  const [first, second, third] = [
    await run<Echo>("echo"),
    await run<Echo>("echo"),
    await run<Echo>("echo"),
  ];
  expect(second.pid).toBe(first.pid);
  expect(third.pid).not.toBe(first.pid);
  expect(await gone(first.pid, 3_000)).toBe(true);
});

test("a process that holds too much memory between jobs is replaced", async () => {
  const { run } = engine({ maxRssMb: 400 });
  const small = await run<number>("hoard", 1);
  const large = await run<number>("hoard", 500);
  expect(large).toBe(small);
  expect((await run<Echo>("echo")).pid).not.toBe(large);
});

test("jobs beyond the size wait for their turn; as many as the size run at once", async () => {
  const { run } = engine({ size: 2 });
  const echoes = await Promise.all([1, 2, 3, 4, 5].map((n) => run<Echo>("echo", n)));
  expect(echoes.map(({ input }) => input)).toEqual([1, 2, 3, 4, 5]);
  expect(new Set(echoes.map(({ pid }) => pid)).size).toBe(2);
});

test("progress comes in order, a few times a second, the last one always", async () => {
  const { run } = engine();
  const seen: Progress[] = [];
  const startedAt = Date.now();
  await run("count", 20_000, undefined, (progress) => seen.push(progress));
  const seconds = (Date.now() - startedAt) / 1000;
  const fractions = seen.map(({ fraction }) => fraction);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toEqual({ fraction: 1, note: "step 20000" });
  expect(seen.length).toBeLessThanOrEqual(5 * seconds + 2);
});

test("an error in taking progress does not end the parent or the job", async () => {
  const { run, logged } = engine();
  const refuse = () => {
    throw new Error("no heartbeat");
  };
  expect(await run("count", 3, undefined, refuse)).toBe(3);
  expect(logged.join()).toContain("was not taken");
});

test("a job's domain error arrives as its class, with the child's stack", async () => {
  const { run } = engine();
  const error: unknown = await run("invalid").catch((e: unknown) => e);
  expect(error).toBeInstanceOf(InvalidInput);
  expect(error).toMatchObject({ message: "stride must be positive, got -1" });
  expect((error as Error).stack).toContain("fixtures/jobs.ts");
});

test("any other error keeps its name, message and stack; lack of memory is Capacity", async () => {
  const { run } = engine();
  const bug = { name: "TypeError", message: "x is not a function" };
  await expect(run("bug")).rejects.toMatchObject({
    ...bug,
    stack: expect.stringContaining("jobs.ts") as string,
  });
  await expect(run("exhausted")).rejects.toBeInstanceOf(Capacity);
  await expect(run("unsendable")).rejects.toThrow(/BigInt/);
  await expect(run("no such job")).rejects.toThrow(
    /There is no job "no such job"; there are: echo/,
  );
  await expect(run("echo", 1n)).rejects.toThrow(/BigInt/);
  expect((await run<Echo>("echo", "still warm")).input).toBe("still warm");
});

test("a killed child is EngineCrashed that tells signal, progress and last words; the next job runs", async () => {
  const { run } = engine();
  const error: unknown = await run("killed").catch((e: unknown) => e);
  expect(error).toBeInstanceOf(EngineCrashed);
  const { message } = error as Error;
  expect(message).toMatch(/\(pid \d+\) was killed by SIGKILL during job "killed" after [\d.]+ s/);
  expect(message).toContain("at 40 % (step 40, loss 1.31)");
  expect(message).toMatch(/Memory was not short: it held 0\.\d GiB/);
  expect(message).toContain("the last thing I did");
  expect((await run<Echo>("echo", "next")).input).toBe("next");
});

test("an abort for lack of memory and an exit in the midst of a job are crashes that say so", async () => {
  const { run } = engine();
  await expect(run("badAlloc")).rejects.toThrow(
    /SIGABRT during job "badAlloc".*It ran out of memory/s,
  );
  await expect(run("exit", 0)).rejects.toThrow(/ended with exit code 0 during job "exit"/);
  await expect(run("exit", 7)).rejects.toBeInstanceOf(EngineCrashed);
});

test("a child that dies between two jobs is replaced unnoticed", async () => {
  const { run } = engine();
  const { pid } = await run<Echo>("echo");
  process.kill(pid, "SIGKILL");
  expect(await gone(pid, 3_000)).toBe(true);
  expect((await run<Echo>("echo")).pid).not.toBe(pid);
});

test("a jobs module that cannot start gives its own error, or a crash, never a hang", async () => {
  const notFound = engine({ env: { ...process.env, TEST_START: "not-found" } });
  await expect(notFound.run("echo")).rejects.toBeInstanceOf(NotFound);
  await expect(notFound.run("echo")).rejects.toThrow("run setup");
  const exits = engine({ env: { ...process.env, TEST_START: "exit" } });
  await expect(exits.run("echo")).rejects.toThrow(/exit code 3 while it started/);
  const missing = engine({ jobs: new URL("./no-such-module.ts", import.meta.url) });
  await expect(missing.run("echo")).rejects.toThrow(/no-such-module/);
});

test("a cancelled job is told why, may finish its step, and its process stays warm", async () => {
  const { run, logged } = engine();
  const { pid } = await run<Echo>("echo");
  const cancel = new AbortController();
  const reason = new WorkerShutdown("SIGTERM");
  const job = run("polite", undefined, cancel.signal, () => cancel.abort(reason));
  await expect(job).rejects.toBe(reason);
  expect((await run<Echo>("echo")).pid).toBe(pid);
  expect(logged.join("\n")).toContain("checkpoint because WorkerShutdown");
});

test("a job that ignores its cancellation is killed after the grace, and the pool goes on", async () => {
  const { run } = engine({ graceMs: 300 });
  const { pid } = await run<Echo>("echo");
  const cancel = new AbortController();
  let cancelledAt = 0;
  const job = run("deaf", undefined, cancel.signal, () => {
    cancelledAt = Date.now();
    cancel.abort(new Error("enough"));
  });
  await expect(job).rejects.toThrow("enough");
  expect(Date.now() - cancelledAt).toBeGreaterThanOrEqual(290);
  expect(Date.now() - cancelledAt).toBeLessThan(2_000);
  expect(alive(pid)).toBe(false);
  expect((await run<Echo>("echo", "next")).input).toBe("next");
});

test("a job cancelled while it queues never runs, and costs the others nothing", async () => {
  const { run } = engine({ graceMs: 300 });
  const cancelRunning = new AbortController();
  const cancelQueued = new AbortController();
  const polite = run("polite", undefined, cancelRunning.signal);
  const queued = run("killed", undefined, cancelQueued.signal);
  const next = run<Echo>("echo", "next");
  cancelQueued.abort(new Error("not any more"));
  await expect(queued).rejects.toThrow("not any more");
  cancelRunning.abort(new Error("done"));
  await expect(polite).rejects.toThrow("done");
  expect((await next).input).toBe("next");
});

test("close cancels what runs and queues with WorkerShutdown and ends every child", async () => {
  const { run, close } = engine({ graceMs: 300 });
  const { pid } = await run<Echo>("echo");
  let begun!: () => void;
  const began = new Promise<void>((resolve) => (begun = resolve));
  const running = run("deaf", undefined, undefined, begun).catch((e: unknown) => e);
  const queued = run("echo").catch((e: unknown) => e);
  await began;
  await close();
  expect(await running).toBeInstanceOf(WorkerShutdown);
  expect(await queued).toBeInstanceOf(WorkerShutdown);
  await expect(run("echo")).rejects.toBeInstanceOf(WorkerShutdown);
  expect(alive(pid)).toBe(false);
});

test("the children get the environment, and share the cores when there are several", async () => {
  const alone = engine({ env: { ...process.env, SPECIMEN: "medaka" } });
  expect(await alone.run("environment", "SPECIMEN")).toBe("medaka");
  expect(await alone.run("environment", "TF_NUM_INTRAOP_THREADS")).toBeUndefined();
  const many = engine({ size: 1_000 });
  expect(await many.run("environment", "TF_NUM_INTRAOP_THREADS")).toBe("1");
});

test("a pool without a process is refused rather than waited for", () => {
  expect(() => engine({ size: 0 })).toThrow("got size 0");
});

test("much output is all heard, up to the kill, and only its end is in the crash message", async () => {
  const { run, logged } = engine();
  const error: unknown = await run("chatter", 100_000).catch((e: unknown) => e);
  expect((error as Error).message.split("\n").length).toBeLessThan(25);
  expect((error as Error).message).toMatch(/line 99999\nline 100000$/);
  expect(logged.filter((line) => /line \d+$/.test(line))).toHaveLength(100_000);
});

function parent(mode: string) {
  const script = fileURLToPath(new URL("../../fixtures/engine-parent.ts", import.meta.url));
  const tsx = createRequire(import.meta.url).resolve("tsx");
  return spawn(process.execPath, ["--import", tsx, script, mode], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

test("a busy child dies with its killed parent within three seconds", async () => {
  const killed = parent("busy");
  const [line] = (await once(createInterface(killed.stdout), "line")) as [string];
  const pid = Number(line);
  expect(alive(pid)).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 300)); // deep in its busy loop
  killed.kill("SIGKILL");
  await once(killed, "exit");
  expect(await gone(pid, 3_000)).toBe(true);
});

test("an idle child keeps no parent alive that forgot to close", async () => {
  const forgetful = parent("idle");
  const [line] = (await once(createInterface(forgetful.stdout), "line")) as [string];
  const [code] = (await once(forgetful, "exit")) as [number];
  expect(code).toBe(0);
  expect(await gone(Number(line), 3_000)).toBe(true);
});

import { expect, test } from "vitest";
import type { Progress } from "../../../activities/deps.ts";
import { createInlineRunner } from "../../../activities/engine/inline-runner.ts";
import { InvalidInput } from "../../../domain/errors.ts";
import { createJobs } from "../../fixtures/jobs.ts";

const runner = createInlineRunner(createJobs({}));
const signal = new AbortController().signal;
const onProgress = () => {};

test("runs a job here, with all its progress", async () => {
  const seen: Progress[] = [];
  const options = { signal, onProgress: (progress: Progress) => seen.push(progress) };
  expect(await runner.run("count", 3, options)).toBe(3);
  expect(seen.map(({ note }) => note)).toEqual(["step 1", "step 2", "step 3"]);
});

test("inputs and results pass through JSON, as they would on the way to a child", async () => {
  const echo = await runner.run<{ input: unknown }>(
    "echo",
    { bytes: new Uint8Array([1]), gone: undefined },
    { signal, onProgress },
  );
  expect(echo.input).toEqual({ bytes: { "0": 1 } });
});

test("throws what the job throws, and the signal's reason once it is cancelled", async () => {
  await expect(runner.run("invalid", null, { signal, onProgress })).rejects.toBeInstanceOf(
    InvalidInput,
  );
  await expect(runner.run("toString", null, { signal, onProgress })).rejects.toThrow(
    'There is no job "toString"',
  );
  const cancel = new AbortController();
  const reason = new Error("enough");
  const job = runner.run("polite", null, {
    signal: cancel.signal,
    onProgress: () => cancel.abort(reason),
  });
  await expect(job).rejects.toBe(reason);
});

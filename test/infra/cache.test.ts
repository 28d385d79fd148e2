import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  buildPiece,
  cacheRoot,
  discard,
  findPiece,
  sweepDrafts,
} from "../../infra/setup/cache.mjs";
import { withLock } from "../../infra/setup/lock.mjs";

const SETUP = new URL("../../infra/setup/", import.meta.url).href;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "microtome-cache-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (text: string) => async (draft: string) => writeFileSync(join(draft, "file"), text);

describe("the cache", () => {
  test("is under XDG_CACHE_HOME, else under the home folder", () => {
    expect(cacheRoot({ XDG_CACHE_HOME: "/x" })).toBe("/x/microtome");
    expect(cacheRoot({ XDG_CACHE_HOME: "" })).toMatch(/\/\.cache\/microtome$/);
  });

  test("builds a piece once", async () => {
    await buildPiece(root, "piece-1", write("first"));
    const folder = await buildPiece(root, "piece-1", write("second"));
    expect(readFileSync(join(folder, "file"), "utf8")).toBe("first");
  });

  test("keeps nothing of a piece that failed, and builds it the next time", async () => {
    const failing = buildPiece(root, "piece-1", async (draft) => {
      writeFileSync(join(draft, "file"), "half");
      throw new Error("network");
    });
    await expect(failing).rejects.toThrow("network");
    expect(findPiece(root, "piece-1")).toBeUndefined();
    expect(readdirSync(root)).toEqual([]);
    await buildPiece(root, "piece-1", write("whole"));
    expect(readFileSync(join(root, "piece-1", "file"), "utf8")).toBe("whole");
  });

  test("does not take what a killed process left for a piece, and sweeps it away", async () => {
    const script = `
      const { buildPiece } = await import("${SETUP}cache.mjs");
      const { writeFileSync } = await import("node:fs");
      await buildPiece(process.argv[1], "piece-1", async (draft) => {
        writeFileSync(draft + "/file", "half");
        process.kill(process.pid, "SIGKILL");
      });`;
    const { signal } = spawnSync(process.execPath, ["--input-type=module", "-e", script, root]);
    expect(signal).toBe("SIGKILL");
    expect(readdirSync(root)).toHaveLength(1);
    expect(findPiece(root, "piece-1")).toBeUndefined();
    sweepDrafts(root);
    expect(readdirSync(root)).toEqual([]);
  });

  test("lets go of a folder at once and removes it behind our back", async () => {
    mkdirSync(join(root, "work", "deep"), { recursive: true });
    writeFileSync(join(root, "work", "deep", "file"), "");
    discard(root, join(root, "work"));
    expect(existsSync(join(root, "work"))).toBe(false);
    await expect.poll(() => readdirSync(root)).toEqual([]);
  });

  test("rebuilds a folder that was never completed", async () => {
    mkdirSync(join(root, "piece-1"));
    writeFileSync(join(root, "piece-1", "stale"), "");
    await buildPiece(root, "piece-1", write("whole"));
    expect(existsSync(join(root, "piece-1", "stale"))).toBe(false);
    expect(findPiece(root, "piece-1")).toBe(join(root, "piece-1"));
  });
});

describe("the lock", () => {
  test("lets one process in at a time", async () => {
    const log = join(root, "log");
    const script = `
      const { withLock } = await import("${SETUP}lock.mjs");
      const { appendFileSync } = await import("node:fs");
      const { setTimeout: sleep } = await import("node:timers/promises");
      const [, root, name] = process.argv;
      await withLock(root + "/lock", async () => {
        appendFileSync(root + "/log", "in\\n");
        await sleep(150);
        appendFileSync(root + "/log", "out\\n");
      });`;
    const runs = ["a", "b", "c"].map(
      (name) =>
        new Promise((resolve) =>
          spawn(process.execPath, ["--input-type=module", "-e", script, root, name]).on(
            "exit",
            resolve,
          ),
        ),
    );
    expect(await Promise.all(runs)).toEqual([0, 0, 0]);
    expect(readFileSync(log, "utf8")).toBe("in\nout\n".repeat(3));
    expect(readdirSync(root)).toEqual(["log"]);
  });

  test("is taken over from a process that died, even if another one has its number now", async () => {
    writeFileSync(
      join(root, "lock"),
      JSON.stringify({ pid: process.pid, identity: "another boot/1" }),
    );
    expect(await withLock(join(root, "lock"), async () => "in")).toBe("in");
  });

  test("tells whom it waits for, once", async () => {
    const waits: number[] = [];
    const file = join(root, "lock");
    await Promise.all([
      withLock(file, () => sleep(500)),
      withLock(file, () => sleep(0), { onWait: (pid) => waits.push(pid) }),
    ]);
    expect(waits).toEqual([process.pid]);
  });
});

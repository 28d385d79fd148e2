import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../../cli/microtome.mjs", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "microtome-cli-"));
let closed = "";

beforeAll(async () => {
  mkdirSync(join(dir, "A01"));
  writeFileSync(join(dir, "A01", "s_0000.tif"), "x");
  closed = await closedPort();
  writeFileSync(join(dir, "good.json"), JSON.stringify({ batch: "b", scans: [{ source: "A01" }] }));
  writeFileSync(join(dir, "torn.json"), '{\n "batch": "b",\n');
  writeFileSync(
    join(dir, "bad.yaml"),
    "batch: ../b\nscans:\n  - source: A01\n    voxelSizeUm: [1, 0, 1]\n",
  );
});
afterAll(() => rmSync(dir, { recursive: true }));

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run the bin as a user would, with servers that are named and not there. */
function microtome(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const servers = {
    TEMPORAL_ADDRESS: `127.0.0.1:${closed}`,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${closed}`,
    AWS_ACCESS_KEY_ID: "key",
    AWS_SECRET_ACCESS_KEY: "secret-of-the-test",
  };
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: dir,
    env: { PATH: process.env["PATH"], HOME: dir, NO_COLOR: "1", ...servers, ...env },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

describe("exits with 0", () => {
  test("and without a stack trace when the reader closes the pipe early", async () => {
    const child = spawn(process.execPath, [BIN, "--help"], { cwd: dir });
    child.stdout.destroy();
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("for --help of the program and of a command, on standard output", async () => {
    const [all, one] = await Promise.all([microtome(["--help"]), microtome(["submit", "--help"])]);
    expect(all).toMatchObject({ code: 0, stderr: "" });
    expect(all.stdout).toMatch(/Exit codes: 0 done/);
    // What is not built yet is not offered.
    expect(all.stdout).not.toMatch(/^ {2}console\b/m);
    expect(one).toMatchObject({ code: 0, stderr: "" });
    expect(one.stdout).toContain("--set <path=value>");
  });
});

describe("exits with 2, saying why on standard error and nothing on standard output", () => {
  test.each<[string[], RegExp]>([
    [["frobnicate"], /unknown command 'frobnicate'/],
    [["submit", "torn.json"], /torn\.json:\d+:\d+: not JSON/],
    [
      ["submit", "bad.yaml", "--json"],
      /\/batch: got "\.\.\/b"[\s\S]*\/scans\/0\/voxelSizeUm\/1: got 0/,
    ],
    [["submit", "good.json", "--set", "pretrain.steps=many"], /\/pretrain\/steps: got "many"/],
    [["submit", "--batch", "b", "A01", "nowhere"], /SOURCE nowhere: got nothing there/],
    [["retry", "b", "--failed", "--only", "A"], /expected --failed or --only, got both/],
    [["export", "b", "--to", "."], /expected BATCH\/SCAN/],
  ])("%j", async (args, message) => {
    const { code, stdout, stderr } = await microtome(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});

describe("exits with 3", () => {
  test.each([[["submit", "--batch", "b", "A01", "--json"]], [["report", "b"]]])(
    "%j: where no server answers, naming its address and no secret",
    async (args) => {
      const { code, stdout, stderr } = await microtome(args);
      expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
      expect(stderr).toContain(`127.0.0.1:${closed}`);
      expect(stderr).not.toContain("secret-of-the-test");
      expect(stderr.trim().split("\n")).toHaveLength(1);
    },
  );

  test("where nothing says what the servers are", async () => {
    const nothing = { TEMPORAL_ADDRESS: "", AWS_ENDPOINT_URL: "" };
    const { code, stderr } = await microtome(["submit", "good.json"], nothing);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^microtome: No servers: .*`microtome up` starts one/);
  });
});

async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return String(address.port);
}

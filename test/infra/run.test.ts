import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const RUN = fileURLToPath(new URL("../../infra/run.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "microtome-run-"));
afterAll(() => rmSync(folder, { recursive: true }));

function program(name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(path, body);
  return path;
}

test("a TypeScript file runs with its arguments and its exit code, and so do its children", () => {
  const file = program(
    "main.mts",
    `import { fork } from "node:child_process";
     const names: readonly string[] = process.argv.slice(2);
     console.log(names.join("|"), process.argv[1]!.endsWith("main.mts"));
     if (names[0] !== "child") fork(process.argv[1]!, ["child"]).on("exit", (code) => { process.exitCode = code! + 1; });
     else process.exitCode = 6;`,
  );
  const { status, stdout } = spawnSync(process.execPath, [RUN, file, "a b", "--flag"], {
    encoding: "utf8",
  });
  expect(stdout).toBe("a b|--flag true\nchild true\n");
  expect(status).toBe(7);
});

test("an error names the line of the TypeScript source", () => {
  const file = program(
    "fails.mts",
    `interface A { a: number }\n\nconst f = (x: A) => { throw new Error("boom" + x.a); };\nf({ a: 1 });\n`,
  );
  const { status, stderr } = spawnSync(process.execPath, [RUN, file], { encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toMatch(/boom1[^]*fails\.mts:3:/);
});

test("a signal reaches the program itself", async () => {
  const file = program(
    "waits.mts",
    `process.on("SIGTERM", () => process.exit(9)); console.log("up"); setInterval(() => {}, 1000);`,
  );
  const child = spawn(process.execPath, [RUN, file]);
  const code = new Promise((resolve) => child.on("exit", resolve));
  child.stdout.once("data", () => child.kill("SIGTERM"));
  expect(await code).toBe(9);
});

test.each([
  [[], /Usage/],
  [["/no/such.ts"], /There is no file/],
] as const)("%j is a usage error", (args, message) => {
  const { status, stderr } = spawnSync(process.execPath, [RUN, ...args], { encoding: "utf8" });
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
});

// `npm test`: set everything up, check types, lint and format, then run every test.
// With arguments (`npm test -- test/domain`) only vitest, with those arguments.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runChild } from "./child.mjs";
import { setup } from "./setup.mjs";
import { pieceEnvironment } from "./setup/paths.mjs";

const CHECKOUT = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(CHECKOUT, "node_modules", ".bin", name);

const CHECKS = [
  ["format", "prettier", ["--check", "."]],
  ["lint", "eslint", ["."]],
  ["types", "tsc", []],
];

async function main() {
  const long = process.argv.includes("--long");
  const args = process.argv.slice(2).filter((arg) => arg !== "--long");
  const { code } = await setup({ extra: ["qim3d", "test-python"] });
  if (code !== 0) return code;

  const environment = testEnvironment(long);
  const checked = args.length > 0 || (await check(environment));
  const tested = await test(args, environment);
  if (!checked) process.stdout.write("The checks above failed (format, lint or types)\n");
  return checked ? tested : tested || 1;
}

/**
 * Ours, without what would lead a test to somebody's real servers; with the pieces of the set-up.
 */
function testEnvironment(long) {
  const mine = /^(?:TEMPORAL_|AWS_|MICROTOME_(?:BUCKET|STATE_DIR|ROLE)$)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !mine.test(name)));
  return { ...env, ...pieceEnvironment(), ...(long && { MICROTOME_LONG: "1" }) };
}

async function check(env) {
  let good = true;
  for (const [name, command, args] of CHECKS) {
    const started = Date.now();
    const { code, output } = await run(bin(command), args, env);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? "✓" : "✗"} ${name} (${command}, ${seconds} s)\n`);
    if (code !== 0) process.stdout.write(output);
    good &&= code === 0;
  }
  return good;
}

/** Vitest with its own reporter on the screen, and its numbers in a file for the last line. */
async function test(args, env) {
  const folder = mkdtempSync(join(tmpdir(), "microtome-test-"));
  const report = join(folder, "report.json");
  try {
    // prettier-ignore
    const code = await runChild(bin("vitest"), ["run", "--config", "test/vitest.config.ts",
      "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...args],
      { cwd: CHECKOUT, env });
    const counts = readCounts(report);
    if (counts === undefined) {
      process.stdout.write("vitest ended without a report\n");
      return code || 1;
    }
    const { passed, failed, skipped } = counts;
    process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
    if (passed + failed === 0) process.stdout.write("No test ran\n");
    return code || (failed > 0 || passed + failed === 0 ? 1 : 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that could not even be loaded holds no test, and counts as one that failed. */
function readCounts(report) {
  try {
    const results = JSON.parse(readFileSync(report, "utf8"));
    const unloadable = results.testResults.filter(
      ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
    );
    return {
      passed: results.numPassedTests,
      failed: results.numFailedTests + unloadable.length,
      skipped: results.numPendingTests + results.numTodoTests,
    };
  } catch {
    return undefined;
  }
}

function run(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: CHECKOUT, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (text) => (output += text);
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

process.exitCode = await main();

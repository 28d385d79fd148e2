import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { basename, join } from "node:path";
import { SetupFailure, saysUnreachable } from "./failure.mjs";
import { CommandFailed, runCommand } from "./run-command.mjs";

/**
 * Whether `node_modules` is what package-lock.json says. npm's own record of what it installed is
 * compared, entry by entry: npm writes it last, so an interrupted install has none.
 */
export function nodeModulesFit(checkout) {
  const wanted = readPackages(join(checkout, "package-lock.json"));
  const present = readPackages(join(checkout, "node_modules", ".package-lock.json"));
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional, link }]) => {
    if (path === "" || link) return true;
    const installed = present[path];
    if (installed === undefined) return optional === true; // another platform's
    return installed.version === version && installed.integrity === integrity;
  });
}

/** `npm ci`, without scripts. */
export async function bringNodeModules({ checkout, env, signal, task }) {
  task?.note("npm ci");
  rmSync(join(checkout, "node_modules", ".package-lock.json"), { force: true });
  const [command, ...first] = npm(env);
  // prettier-ignore
  const args = [...first, "ci", "--ignore-scripts", "--include=dev", "--include=optional",
    "--no-audit", "--no-fund", "--loglevel=warn"];
  await runCommand(command, args, { cwd: checkout, env, signal }).catch((error) => {
    throw explain(error);
  });
  return `${Object.keys(readPackages(join(checkout, "node_modules", ".package-lock.json")) ?? {}).length} packages`;
}

/** A package's own command is not among its `node_modules/.bin`; put it there, as npm would for a user. */
export function linkCommand(checkout) {
  const target = join(checkout, "cli", "microtome.mjs");
  const link = join(checkout, "node_modules", ".bin", "microtome");
  if (!existsSync(target)) return;
  if ((statSync(target).mode & 0o111) === 0) chmodSync(target, 0o755);
  if (existsSync(link)) return;
  mkdirSync(join(checkout, "node_modules", ".bin"), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(join("..", "..", "cli", "microtome.mjs"), link);
}

/** The npm that called us, so that it belongs to this very Node; else the one on the path. */
function npm(env) {
  const caller = env.npm_execpath;
  return caller !== undefined && basename(caller) === "npm-cli.js" && existsSync(caller)
    ? [process.execPath, caller]
    : ["npm"];
}

function explain(error) {
  if (error?.code === "ENOENT") {
    return new SetupFailure("There is no npm: install it (Debian: apt install npm) and run again");
  }
  if (!(error instanceof CommandFailed)) return error;
  const output = error.output.join("\n");
  if (/ENOSPC|No space left on device/.test(output)) return new Error("No space left on device");
  const lines = error.output.filter((line) => /^npm (?:error|ERR!)/.test(line));
  const reason = (
    lines.find((line) => !/^npm (?:error|ERR!) (?:code|errno|syscall)\b/.test(line)) ??
    error.output.at(-1) ??
    error.message
  ).replace(/^npm (?:error|ERR!)\s*/, "");
  return new SetupFailure(
    saysUnreachable(output)
      ? `npm could not reach its registry (${reason}): check the network and npm's settings, and run again`
      : `npm ci failed: ${reason}`,
  );
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

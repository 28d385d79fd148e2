// `node infra/run.mjs FILE.ts ARGS…`: run a TypeScript file of this checkout as if it were the
// program: in this process, so that signals, exit code and terminal are its own.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Load the TypeScript loader, also for the threads and children that the program will start. */
async function useTypeScript() {
  let loader;
  try {
    loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  } catch {
    return false;
  }
  await import(loader);
  process.execArgv.push("--import", loader);
  process.setSourceMapsEnabled(true);
  return true;
}

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write("Usage: node infra/run.mjs FILE.ts [ARGUMENTS…]\n");
  process.exitCode = 2;
} else if (!existsSync(file)) {
  process.stderr.write(`There is no file ${resolve(file)}\n`);
  process.exitCode = 2;
} else if (!(await useTypeScript())) {
  process.stderr.write("node_modules is missing or incomplete: run `npm run setup` first\n");
  process.exitCode = 1;
} else {
  process.argv = [process.argv[0], resolve(file), ...args];
  await import(pathToFileURL(resolve(file)).href);
}

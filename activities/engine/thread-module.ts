import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createRequire } from "node:module";
import type * as Esbuild from "esbuild";
import { moduleBeside, typescriptArguments } from "./typescript-arguments.ts";

/** What node needs to start a thread. */
export interface ThreadModule {
  readonly file: string;
  readonly execArgv: string[];
}

/**
 * The JavaScript of a thread: in a build the module itself, in a checkout a bundle of it, because a
 * thread that loads the TypeScript loader first takes twice as long to start. Bundles lie in
 * `node_modules/.cache`, named by their contents, each with a list of the files it was made of: while
 * these are what they were, nothing is bundled.
 *
 * @param name of the module, without its extension
 * @param from `import.meta.url` of a module beside it
 */
export async function threadModule(name: string, from: string): Promise<ThreadModule> {
  const source = fileURLToPath(moduleBeside(name, from));
  if (!source.endsWith(".ts")) return { file: source, execArgv: [] };
  try {
    return { file: await bundle(name, source), execArgv: [] };
  } catch {
    // Nowhere to write to, say: slowly, then.
    return { file: source, execArgv: typescriptArguments() };
  }
}

const OPTIONS = {
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node20",
  format: "esm",
  sourcemap: "inline",
  metafile: true,
  write: false,
} as const;

const require = createRequire(import.meta.url);

/** What a bundle was made of. */
interface Recipe {
  readonly bundle: string;
  /** Files and the sha256 of each. */
  readonly inputs: Readonly<Record<string, string>>;
}

async function bundle(name: string, source: string): Promise<string> {
  const folder = join(packages(), ".cache", "microtome");
  const asked = JSON.stringify([source, OPTIONS, esbuildVersion()]);
  const list = join(folder, `${name}-${digest(asked)}.json`);
  const standing = await upToDate(list).catch(() => undefined);
  if (standing !== undefined) return standing;
  // Not by `import`, which looks through the whole file for its exports. To build synchronously leaves no
  // service running beside us.
  const { buildSync } = require("esbuild") as typeof Esbuild;
  const { outputFiles, metafile } = buildSync({ entryPoints: [source], ...OPTIONS });
  const { contents } = outputFiles[0]!;
  const path = join(folder, `${name}-${digest(contents)}.mjs`);
  await mkdir(folder, { recursive: true });
  if (!(await stat(path).catch(() => undefined))) await writeWhole(path, contents);
  const inputs = await digests(Object.keys(metafile.inputs).map((input) => resolve(input)));
  await writeWhole(list, JSON.stringify({ bundle: path, inputs } satisfies Recipe));
  return path;
}

/** The bundle that a list belongs to; undefined when a file is not what it was. */
async function upToDate(list: string): Promise<string | undefined> {
  const { bundle, inputs } = JSON.parse(await readFile(list, "utf8")) as Recipe;
  const found = await digests(Object.keys(inputs));
  await stat(bundle);
  return Object.entries(inputs).every(([path, hash]) => found[path] === hash) ? bundle : undefined;
}

async function digests(paths: readonly string[]): Promise<Recipe["inputs"]> {
  const entries = paths.map(async (path) => [path, digest(await readFile(path))] as const);
  return Object.fromEntries(await Promise.all(entries));
}

const digest = (bytes: string | Uint8Array) =>
  createHash("sha256").update(bytes).digest("hex").slice(0, 16);

/** A file appears whole, for other processes look for it, too. */
async function writeWhole(path: string, contents: string | Uint8Array): Promise<void> {
  const draft = join(dirname(path), `${randomUUID()}.tmp`);
  await writeFile(draft, contents);
  await rename(draft, path);
}

function esbuildVersion(): string {
  return (require("esbuild/package.json") as { readonly version: string }).version;
}

/** The folder from which a bundle finds the packages that it imports. */
function packages(): string {
  return dirname(dirname(require.resolve("esbuild/package.json")));
}

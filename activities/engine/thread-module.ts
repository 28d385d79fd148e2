import { createHash, randomUUID } from "node:crypto";
import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRequire } from "node:module";
import { moduleBeside, typescriptArguments } from "./typescript-arguments.ts";

/** What node needs to start a thread. */
export interface ThreadModule {
  readonly file: string;
  readonly execArgv: string[];
}

/**
 * The JavaScript of a thread: in a build the module itself, in a checkout a bundle of it, because a
 * thread that loads the TypeScript loader first takes twice as long to start. Bundles lie in
 * `node_modules/.cache`, named by their contents.
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

async function bundle(name: string, source: string): Promise<string> {
  const { buildSync } = await import("esbuild");
  // The other way leaves a service running beside us.
  const { outputFiles } = buildSync({
    entryPoints: [source],
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
    sourcemap: "inline",
    write: false,
  });
  const { contents } = outputFiles[0]!;
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 16);
  const folder = join(packages(), ".cache", "microtome");
  const path = join(folder, `${name}-${hash}.mjs`);
  if (await stat(path).catch(() => undefined)) return path;
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `${randomUUID()}.tmp`);
  await writeFile(draft, contents);
  await rename(draft, path);
  return path;
}

/** The folder from which a bundle finds the packages that it imports. */
function packages(): string {
  const inside = createRequire(import.meta.url).resolve("esbuild/package.json");
  return dirname(dirname(inside));
}

/**
 * What node must be told so that a process or thread of ours can be started from a `.ts` file: in a
 * checkout the TypeScript loader, in a build nothing.
 */
export function typescriptArguments(): string[] {
  if (!import.meta.url.endsWith(".ts")) return [];
  return ["--import", new URL("./typescript.mjs", import.meta.url).href];
}

/** The file beside `from` that is `name.ts` in a checkout and `name.js` in a build. */
export function moduleBeside(name: string, from: string): URL {
  return new URL(`./${name}${from.endsWith(".ts") ? ".ts" : ".js"}`, from);
}

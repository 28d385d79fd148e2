import { type Stats, statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { glob, isDynamicPattern } from "tinyglobby";

/** Whether a source names anything on this machine; what lies elsewhere (`s3://…`) is believed. */
export async function matchesSomething(source: string, cwd: string): Promise<boolean> {
  if (isRemote(source)) return true;
  return (await sourceFiles(source, cwd)).length > 0 || lookAt(toPath(source, cwd)) !== undefined;
}

/** Bytes of the files that a source on this machine names; 0 for what lies elsewhere. */
export async function sourceBytes(source: string, cwd: string): Promise<number> {
  if (isRemote(source)) return 0;
  const files = await sourceFiles(source, cwd);
  return files.reduce((sum, file) => sum + (lookAt(file)?.size ?? 0), 0);
}

async function sourceFiles(source: string, cwd: string): Promise<string[]> {
  const path = toPath(source, cwd);
  const found = lookAt(path);
  if (found?.isFile() === true) return [path];
  if (found?.isDirectory() === true) return glob("**/*", { cwd: path, absolute: true });
  if (!isDynamicPattern(path)) return [];
  return glob(path, { absolute: true, expandDirectories: false });
}

/** What is at a path; nothing where it cannot be looked at, which is for whoever reads it to say. */
function lookAt(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function isRemote(source: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(source) && !source.startsWith("file://");
}

function toPath(source: string, cwd: string): string {
  if (!source.startsWith("file://")) return resolve(cwd, source);
  try {
    return fileURLToPath(source);
  } catch {
    return source; // a URL of another machine: nothing is there
  }
}

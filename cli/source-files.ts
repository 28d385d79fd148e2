import { type Stats, statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { glob, isDynamicPattern } from "tinyglobby";
import { isS3 } from "../activities/sources/files/s3-path.ts";
import { s3SourceBytes } from "./s3-source-bytes.ts";

/** Whether a source names anything, here or in S3; what nobody can tell is believed. */
export async function matchesSomething(source: string, cwd: string): Promise<boolean> {
  if (isS3(source)) return (await s3SourceBytes(source)) !== undefined;
  if (isRemote(source)) return true;
  return (await sourceFiles(source, cwd)).length > 0 || lookAt(toPath(source, cwd)) !== undefined;
}

/** Bytes of the files that a source names; 0 for what lies elsewhere, or cannot be looked at. */
export async function sourceBytes(source: string, cwd: string): Promise<number> {
  if (isS3(source)) return (await s3SourceBytes(source)) ?? 0;
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

const isFileUrl = (source: string) => /^file:\/\//i.test(source);

const isRemote = (source: string) => /^[a-z][a-z0-9+.-]*:\/\//i.test(source) && !isFileUrl(source);

function toPath(source: string, cwd: string): string {
  if (!isFileUrl(source)) return resolve(cwd, source);
  try {
    return fileURLToPath(source);
  } catch {
    return source; // a URL of another machine: nothing is there
  }
}

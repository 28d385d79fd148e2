import { readFile } from "node:fs/promises";

/** A Python program of this folder. */
export async function readScript(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), "utf8");
}

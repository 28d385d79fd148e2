import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { CorruptData } from "../../domain/errors.ts";
import type { PhantomTruth } from "./phantom-truth.ts";
import { sliceName } from "./write-slices.ts";

/** The truth of every phantom in `dir`, by id. Throws `CorruptData` for a file that is not JSON. */
export async function readTruth(dir: string): Promise<Map<string, PhantomTruth>> {
  const folder = join(dir, "truth");
  const names = await readdir(folder).catch(absent<string[]>([]));
  const truths = new Map<string, PhantomTruth>();
  for (const name of names.filter((name) => name.endsWith(".json")).sort()) {
    const path = join(folder, name);
    const text = await readFile(path, "utf8");
    try {
      truths.set(name.slice(0, -".json".length), JSON.parse(text) as PhantomTruth);
    } catch (cause) {
      throw new CorruptData(`${path}: expected JSON, got ${text.length} characters that are not`, {
        cause,
      });
    }
  }
  return truths;
}

/** Whether all slices of a phantom's scan are there with the size that its truth implies. */
export async function isComplete(dir: string, id: string, truth: PhantomTruth): Promise<boolean> {
  const [depth, height, width] = truth.shape_zyx;
  const folders = [
    { path: join(dir, id), bytes: 2 * height * width },
    { path: join(dir, `${id}.labels`), bytes: height * width },
    { path: join(dir, "truth", `${id}.specimen`), bytes: height * width },
  ];
  for (const { path, bytes } of folders) {
    for (let z = 0; z < depth; z++) {
      const info = await stat(join(path, sliceName(z))).catch(absent(undefined));
      if (info === undefined || info.size < bytes) return false;
    }
  }
  return true;
}

/** Whether there is anything at the path. */
export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(absent(undefined))) !== undefined;
}

/** Turn "no such file" into a value. */
function absent<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return value;
    throw error;
  };
}

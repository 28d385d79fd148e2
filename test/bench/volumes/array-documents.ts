import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The Zarr documents of a volume's levels, for a peer that is to write the same. */
export async function arrayDocuments(volume: string): Promise<readonly unknown[]> {
  const levels = (await readdir(volume)).filter((name) => /^\d+$/.test(name));
  const paths = levels.sort((a, b) => Number(a) - Number(b)).map((level) => join(volume, level));
  return Promise.all(
    paths.map(
      async (path) => JSON.parse(await readFile(join(path, "zarr.json"), "utf8")) as unknown,
    ),
  );
}

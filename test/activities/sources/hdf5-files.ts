import { readFile } from "node:fs/promises";
import { openSource } from "../../../activities/sources/open-source.ts";
import { runPython } from "../../support/run-python.ts";

/** Write the files of `write-hdf5.py` into a folder. */
export async function writeHdf5(folder: string): Promise<void> {
  const script = new URL("./write-hdf5.py", import.meta.url);
  await runPython(await readFile(script, "utf8"), folder);
}

/** Open a file as the source of a scan. */
export function openHdf5File(folder: string, name: string, dataset?: string) {
  return openSource({ scan: "P03", source: name, dataset }, folder);
}

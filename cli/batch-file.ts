import { dirname, resolve } from "node:path";
import { InvalidInput } from "../domain/errors.ts";
import { type BatchResolution, resolveBatch } from "./resolve-batch.ts";
import { loadDocument } from "./load-document.ts";
import { type Assignment, setPaths } from "./set-path.ts";
import { matchesSomething } from "./source-files.ts";

export interface BatchArguments {
  /** A batch file, or the sources where `batch` is given. */
  readonly paths: readonly string[];
  readonly batch: string | undefined;
  readonly set: readonly Assignment[];
  readonly cwd: string;
}

/**
 * The batch that `submit BATCH.json` or `submit --batch ID SOURCE…` means.
 *
 * A source in a file that does not exist is left to ingest, which fails that scan alone; a source
 * typed on the command line that matches nothing is a slip, and `InvalidInput`.
 */
export async function readBatchArguments(args: BatchArguments): Promise<BatchResolution> {
  const { paths, batch, set, cwd } = args;
  if (batch === undefined) {
    const [file, ...more] = paths;
    if (file === undefined || more.length > 0) {
      throw new InvalidInput(
        `submit: got ${paths.length} files, expected one batch file, or --batch ID and sources`,
      );
    }
    const path = resolve(cwd, file);
    return resolveBatch(setPaths(loadDocument(path), set), dirname(path));
  }
  if (paths.length === 0) throw new InvalidInput("submit --batch: expected at least one SOURCE");
  const missing: string[] = [];
  for (const source of paths) {
    if (!(await matchesSomething(source, cwd))) {
      missing.push(`SOURCE ${source}: got nothing there, expected a folder, a file or a glob`);
    }
  }
  if (missing.length > 0) throw new InvalidInput(missing.join("\n"));
  const document = { batch, scans: paths.map((source) => ({ source })) };
  return resolveBatch(setPaths(document, set), cwd);
}
